import { expect, it } from 'vitest';
import { compileTaskText } from './task-text.ts';

it('becomes HTML with the variables filled in and escaped', async () => {
  const text = await compileTaskText(
    '## Do it\n\nLook at `{"<"}` in {vars.namespace}.\n\n```bash\nkubectl get po\n```\n\n- one<br />\n- [two](/x)\n',
    'task.mdx',
  );
  expect(text({ namespace: '<b>&"' })).toBe(
    '<h2>Do it</h2>\n<p>Look at <code>{&#34;&#60;&#34;}</code> in &#60;b&#62;&#38;&#34;.</p>\n<pre><code class="language-bash">kubectl get po\n</code></pre>\n<ul>\n<li>one<br></li>\n<li><a href="/x">two</a></li>\n</ul>',
  );
  expect(text({ namespace: 'other' })).toContain('in other.');
});

it('refuses what is no MDX and names that are no variables', async () => {
  await expect(compileTaskText('a {b', 'labs/x/task.mdx')).rejects.toMatchObject({
    code: 'bad-task-text',
    message: expect.stringContaining('labs/x/task.mdx'),
  });
  const text = await compileTaskText('{vars.nobody}', 'task.mdx');
  expect(() => text({ somebody: 1 })).toThrow('vars.nobody is no variable');
});
