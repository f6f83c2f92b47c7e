/** The words of the command line: commands, flags, help. What a command does is in the file of its name, loaded when it runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import type { ExitCode } from './output.ts';
import { complain, EXIT } from './output.ts';

const manifestSchema = z.object({ version: z.string() });

type Run = () => Promise<ExitCode>;

/** Parses and runs. Resolves with the exit code; never rejects. */
export async function runProgram(args: readonly string[], root: string): Promise<ExitCode> {
  let chosen: Run | undefined;
  const program = buildProgram(root, (run) => (chosen = run));
  try {
    program.parse([...args], { from: 'user' });
    return chosen ? await chosen() : EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return complain(error);
  }
}

const output = (): Option =>
  new Option('-o, --output <format>', 'how to print the result').choices(['text', 'json']).default('text');
const driver = (): Option =>
  new Option('--driver <name>', 'what makes the sandbox').choices(['model']).default('model');
const dataDirectory = (root: string): Option =>
  new Option('--data-dir <folder>', 'where progress, sandboxes and homes are kept').default(
    `${root}/.drydock`,
    '.drydock in this folder',
  );

function buildProgram(root: string, choose: (run: Run) => void): Command {
  const program = new Command('drydock');
  program
    .description('A course about the inside of Kubernetes, with live terminals and a fair grader.')
    .version(versionOf(root), '-V, --version', 'print the version')
    .configureOutput({ outputError: (words, write) => write(words.replace(/^error: /, 'drydock: ')) })
    .showHelpAfterError('Run with --help to see what there is.')
    .helpCommand(false)
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 done or passed, 1 checks failed, 2 wrong usage, 3 the machine lacks something, 4 a fault of Drydock.',
    );

  const add = (name: string, description: string): Command =>
    program.command(name).description(description).copyInheritedSettings(program);

  add('start', 'start the course on this machine and print the link to it')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes any free one', port, 4870)
    .addOption(dataDirectory(root))
    .option('--own-shell', 'terminals are your own shell, with all that it may do: no isolation')
    .option('--dev', 'build the course again whenever its sources change')
    .action((options: { port: number; dataDir: string; ownShell?: true; dev?: true }) =>
      choose(async () => (await import('./start.ts')).start({ root, ...options, dataDirectory: options.dataDir })),
    );
  add('doctor', 'say what this machine has and lacks')
    .addOption(output())
    .addOption(dataDirectory(root))
    .action((options: { output: string; dataDir: string }) =>
      choose(async () =>
        (await import('./doctor.ts')).doctor({ json: options.output === 'json', dataDirectory: options.dataDir }),
      ),
    );
  add('sandbox', 'make a bare sandbox for your own kubectl, until Ctrl-C')
    .addOption(driver())
    .addOption(
      new Option('--topology <name>', 'K1: one node; K3: a control plane and two workers')
        .choices(['K1', 'K3'])
        .default('K3'),
    )
    .option('--kubeconfig <file>', 'where to write the kubeconfig (default: a new temporary file)')
    .action((options: { topology: 'K1' | 'K3'; kubeconfig?: string }) =>
      choose(async () => (await import('./sandbox.ts')).sandbox(options)),
    );
  add('check', 'grade a lab on any cluster you have access to')
    .argument('<lab>', 'such as why-pending')
    .requiredOption('--kubeconfig <file>', 'the cluster, as its administrator')
    .option('--seed <seed>', 'the seed that the lab was set up with', 'check')
    .option('--answer <question=value>', 'an answer to a question of the lab; may be given again', collect, [])
    .addOption(output())
    .action((lab: string, options: { kubeconfig: string; seed: string; answer: string[]; output: string }) =>
      choose(async () =>
        (await import('./check.ts')).check({ root, lab, ...options, json: options.output === 'json' }),
      ),
    );
  const lab = add('lab', 'for authors of labs');
  lab
    .command('test')
    .copyInheritedSettings(program)
    .description('prove labs: untouched scores nothing, solutions everything, each wrong way fails what it names')
    .argument('[labs...]', 'default: all')
    .addOption(driver())
    .option('--seed <seed...>', 'variants to try (default: three new ones)')
    .addOption(output())
    .action((labs: string[], options: { seed?: string[]; output: string }) =>
      choose(async () =>
        (await import('./lab-test.ts')).labTest({ root, labs, ...options, json: options.output === 'json' }),
      ),
    );
  lab
    .command('lint')
    .copyInheritedSettings(program)
    .description('read all labs, task texts and quizzes, and say what is wrong with them')
    .action(() => choose(async () => (await import('./lab-lint.ts')).labLint(root)));
  add('self-test', 'run all tests of Drydock; installs what they need')
    .option('--only <part...>', 'only these parts')
    .action((options: { only?: string[] }) =>
      choose(async () => (await import('./self-test.ts')).selfTest({ root, ...options })),
    );
  return program;
}

function versionOf(root: string): string {
  return manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return number;
}

function collect(value: string, earlier: string[]): string[] {
  if (!value.includes('=')) throw new InvalidArgumentError('Write it as question=value.');
  return [...earlier, value];
}
