import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeCluster } from '../fake-cluster.fixture.ts';
import { loadLab, loadLabs } from './load.ts';
import { loadScene, setUpLab } from './scene.ts';
import { parseScript } from './scripts.ts';
import { drawVariables, fillLab } from './variables.ts';

const GOOD = `id: demo
title: Demo of \${app}
minutes: 5
difficulty: easy
variables:
  app: { choices: [web, api] }
  n: { from: 2, to: 4 }
tasks:
  - id: one
    title: One
    criteria:
      - id: there
        title: It is there
        check:
          kind: object
          of: { apiVersion: v1, kind: Pod, namespace: x, name: "\${app}" }
`;

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
}

const load = async (text: string): Promise<string> => {
  await write('demo/lab.yaml', text);
  return loadLab(join(root, 'demo')).then(
    () => 'ok',
    (error: Error) => error.message,
  );
};

describe('lab.yaml', () => {
  it('loads, draws the same values from the same seed, and fills them in', async () => {
    await write('demo/lab.yaml', GOOD);
    const [lab] = await loadLabs(root);
    if (!lab) throw new Error('no lab');
    const variables = drawVariables(lab, 's1');
    expect(drawVariables(lab, 's1')).toEqual(variables);
    const seeds = Array.from({ length: 20 }, (_, i) => JSON.stringify(drawVariables(lab, `s${i}`)));
    expect(new Set(seeds).size).toBeGreaterThan(3);
    const filled = fillLab(lab, variables);
    expect(filled.title).toBe(`Demo of ${variables.app}`);
    expect(filled.values).toEqual(variables);
  });

  it('names file, line and field of what is wrong', async () => {
    expect(await load(GOOD.replace('minutes: 5', 'minutes: soon'))).toMatch(
      /^labs\/demo\/lab.yaml:3:10 minutes: .*number/,
    );
    expect(await load(GOOD.replace('kind: object', 'kind: guess'))).toMatch(
      /^labs\/demo\/lab.yaml:\d+:\d+ tasks\[0\].criteria\[0\].check/,
    );
    expect(await load(GOOD.replace('difficulty: easy', 'difficulty: easy\nsurprise: 1'))).toContain('surprise');
    expect(await load(`${GOOD}  - [`)).toMatch(/^labs\/demo\/lab.yaml:\d+:\d+ /);
    expect(await load(GOOD.replace('"${app}"', '"${other}"'))).toContain('${other} is no variable');
    expect(await load(GOOD.replace('id: demo', 'id: else'))).toContain('not the name of its folder');
  });

  it.each([
    ['title: Demo of ${app}\n', '', '1:1 title: is missing'],
    ['minutes: 5', 'minutes: 5\nminutes: 6', '4:1 Map keys must be unique'],
    ['title: One', 'title: One: two', '10:12 Nested mappings'],
    ['variables:', 'variables:\n\tx: 1', '6:1 Tabs are not allowed'],
    ['title: It is there', 'title: *there', '13:16 *there stands for nothing'],
    ['title: It is there', 'title: ${ap} is there', '13:16 lab demo: ${ap} is no variable'],
    ['from: 2, to: 4', 'from: 4, to: 2', '7:6 variable n: from is larger than to'],
    ['title: It is there', 'title: There\n        requires: [other]', '14:19 criterion there requires other'],
    ['title: It is there', 'title: There\n        within: 5 s', '14:17 tasks[0].criteria[0].within: a duration is'],
    ['kind: object', 'kind: objekt', '15:17 tasks[0].criteria[0].check.kind: Invalid discriminator'],
    ['id: demo', 'id: demos', '1:5 the id demos is not the name of its folder'],
    ['title: It is there', 'titel: It is there', '12:9 tasks[0].criteria[0]: Unrecognized key'],
  ])('says where: %j as %j', async (right, wrong, message) => {
    expect(await load(GOOD.replace(right, wrong))).toContain(`labs/demo/lab.yaml:${message}`);
  });

  it('refuses expressions that do not compile, and names used twice or never', async () => {
    const bad = `${GOOD}          expect: [{ that: "object.spec.", wanted: w }]\n`;
    expect(await load(bad)).toContain('cannot use the CEL expression');
    expect(await load(GOOD.replace('        check:', '        requires: [nobody]\n        check:'))).toContain(
      'requires nobody',
    );
    const twice = GOOD.slice(GOOD.indexOf('      - id: there'));
    expect(await load(GOOD + twice)).toContain('the criterion id there is used twice');
  });

  it('stops YAML that grows or nests without end', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...Array.from(
        { length: 8 },
        (_, i) => `${'bcdefghi'[i]}: &${'bcdefghi'[i]} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`,
      ),
    ].join('\n');
    expect(await load(bomb)).not.toBe('ok');
    expect(await load(`id: ${'['.repeat(5000)}${']'.repeat(5000)}`)).not.toBe('ok');
    expect(await load(`id: ${'x'.repeat(600_000)}`)).toContain('larger than 512 KB');
    expect(await load('')).not.toBe('ok');
  });
});

describe('the scene', () => {
  it('takes the driver’s own file in place of the common one, and keeps numbers numbers', async () => {
    await write('demo/lab.yaml', GOOD);
    await write(
      'demo/setup/a.yaml',
      'apiVersion: v1\nkind: X\nmetadata: {name: "${app}"}\nspec: {n: "${n}", text: "v${n}", "${app}": 1}\n---\n',
    );
    await write('demo/setup/b.yaml', 'apiVersion: v1\nkind: Common\nmetadata: {name: b}\n');
    await write('demo/setup/kind/b.yaml', 'apiVersion: v1\nkind: OnKind\nmetadata: {name: b}\n');
    const lab = await loadLab(join(root, 'demo'));
    const variables = { app: 'web', n: 3 };
    const [first, second] = await loadScene(lab, 'model', variables);
    expect(first).toMatchObject({ metadata: { name: 'web' }, spec: { n: 3, text: 'v3', web: 1 } });
    expect(second?.kind).toBe('Common');
    expect((await loadScene(lab, 'kind', variables))[1]?.kind).toBe('OnKind');
    await write('demo/setup/c.yaml', 'kind: X\n');
    await expect(loadScene(lab, 'model', variables)).rejects.toThrow('setup/c.yaml: each document needs');
  });

  it('changes nodes by role, whatever they are called', async () => {
    await write(
      'demo/lab.yaml',
      `${GOOD}nodes:\n  - { select: control-plane, removeTaints: [cp] }\n  - { select: all, labels: [{ zone: a }, { zone: b }] }\n`,
    );
    const lab = await loadLab(join(root, 'demo'));
    const cluster = new FakeCluster();
    const node = (name: string, labels: Record<string, string>, spec: object): void =>
      void cluster.put({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec });
    node('x-control', { 'node-role.kubernetes.io/control-plane': '' }, { taints: [{ key: 'cp' }, { key: 'other' }] });
    node('y-worker', {}, {});
    await setUpLab({ lab, driver: 'model', variables: { app: 'web', n: 2 }, cluster });
    expect(await cluster.get({ apiVersion: 'v1', kind: 'Node', name: 'x-control' })).toMatchObject({
      metadata: { labels: { zone: 'a' } },
      spec: { taints: [{ key: 'other' }] },
    });
    expect(await cluster.get({ apiVersion: 'v1', kind: 'Node', name: 'y-worker' })).toMatchObject({
      metadata: { labels: { zone: 'b' } },
    });
  });
});

describe('proof scripts', () => {
  it('read answers and what they fail from the header, and set the variables', () => {
    const script = parseScript('wrong/a.sh', '# fails: one, two\n# answer: q = GET /${ns} $1\necho hi\n', {
      ns: "o'k",
    });
    expect(script).toMatchObject({ fails: ['one', 'two'], answers: { q: "GET /o'k $1" } });
    expect(script.text.startsWith("ns='o'\\''k'\n")).toBe(true);
  });
});
