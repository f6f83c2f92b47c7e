/**
 * Turns a lab's `task.mdx` into HTML with the attempt's variables filled in (`{vars.name}`). MDX is code: this runs only for
 * the labs of this repository.
 */
import { compile } from '@mdx-js/mdx';
import { InputError, messageOf } from '../../kernel/errors.ts';

export type TaskText = (variables: Readonly<Record<string, string | number>>) => string;

/** Compiles once; rendering is then cheap. Throws InputError with the file and what is wrong. */
export async function compileTaskText(source: string, file: string): Promise<TaskText> {
  try {
    const code = String(await compile(source, { outputFormat: 'function-body', development: false }));
    // eslint-disable-next-line -- the second parameter's name is what authors write: {vars.name}
    const module = new Function('runtime', 'vars', code) as (...given: readonly [typeof RUNTIME, object]) => {
      default: (props: object) => Html;
    };
    return (variables) => module(RUNTIME, strict(variables, file)).default({}).html;
  } catch (cause) {
    throw new InputError('bad-task-text', `${file}: ${messageOf(cause)}`, { remedy: 'Mend the task text.', cause });
  }
}

/** A name that is no variable must fail a test, not leave a gap in a sentence. */
function strict(variables: Readonly<Record<string, string | number>>, file: string): object {
  return new Proxy(variables, {
    get(known, name) {
      if (typeof name === 'string' && Object.hasOwn(known, name)) return known[name];
      throw new InputError('unknown-variable', `${file}: vars.${String(name)} is no variable of the lab`);
    },
  });
}

/** Finished HTML, as opposed to text that still has to be escaped. */
class Html {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Component = (props: Props) => Html;
type Props = Readonly<Record<string, unknown>>;

const VOID = new Set(['br', 'hr', 'img', 'input', 'wbr']);
const FRAGMENT: Component = (props) => new Html(render(props['children']));

/** The JSX runtime that the compiled text calls: it makes strings, nothing else. */
const RUNTIME = { Fragment: FRAGMENT, jsx: element, jsxs: element };

function element(type: string | Component, props: Props): Html {
  if (typeof type !== 'string') return type(props);
  const attributes = Object.entries(props)
    .map(([name, value]) => attribute(name, value))
    .join('');
  return new Html(
    VOID.has(type) ? `<${type}${attributes}>` : `<${type}${attributes}>${render(props['children'])}</${type}>`,
  );
}

function attribute(name: string, value: unknown): string {
  if (name === 'children' || value === false || value === undefined || value === null) return '';
  const written = name === 'className' ? 'class' : name;
  return value === true ? ` ${written}` : ` ${written}="${escape(String(value))}"`;
}

function render(child: unknown): string {
  if (Array.isArray(child)) return child.map(render).join('');
  if (child instanceof Html) return child.html;
  return child === undefined || child === null || typeof child === 'boolean' ? '' : escape(String(child));
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
