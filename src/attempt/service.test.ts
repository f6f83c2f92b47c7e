import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../kernel/errors.ts';
import type { AttemptEvent, AttemptView } from '../protocol/http.ts';
import { attemptViewSchema } from '../protocol/http.ts';
import type { FakeLab, World } from './service.fixture.ts';
import { world } from './service.fixture.ts';

let w: World;
beforeEach(() => void (w = world()));
afterEach(() => w.end());

const view = (id: string): AttemptView => w.service.owned('local', id).view();

async function ready(): Promise<{ id: string; lab: FakeLab; mine: ReturnType<World['service']['owned']> }> {
  const { id } = w.service.start('local', 'lab');
  const lab = w.labs.at(-1);
  await vi.waitFor(() => expect(view(id).state).toBe('ready'));
  if (!lab) throw new Error('no lab was prepared');
  return { id, lab, mine: w.service.owned('local', id) };
}

describe('starting', () => {
  it('answers at once, names its steps, and is remembered before anything is made', async () => {
    let open = (): void => {};
    w.driver.gate = new Promise((resolve) => (open = resolve));
    const begun = w.service.start('local', 'lab');
    expect(begun).toMatchObject({ state: 'creating', steps: [{ name: 'Start the API server', state: 'started' }] });
    expect(w.store.attempts.attempt(begun.id)?.state).toBe('creating');
    expect(w.service.start('local', 'lab').id).toBe(begun.id);
    open();
    await vi.waitFor(() => expect(view(begun.id).state).toBe('ready'));
    expect(view(begun.id).steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Start the API server done',
      'Set up the lab done',
      'Open the workstation done',
    ]);
    expect(attemptViewSchema.parse(view(begun.id)).sandbox).toEqual({
      driver: 'fake',
      version: 'v1.36.3',
      topology: 'K3',
    });
    expect(w.store.attempts.attempt(begun.id)).toMatchObject({ state: 'ready', baseline: { base: 1 } });
  });

  it.each(['driver', 'scene'])(
    'that fails (%s) says why, leaves nothing behind, and can be tried again',
    async (where) => {
      const failure = new EnvironmentError('no-room', 'there is no room', { remedy: 'Make room.' });
      if (where === 'driver') w.driver.failure = failure;
      else w.setUpFailure = failure;
      const { id } = w.service.start('local', 'lab');
      await vi.waitFor(() => expect(view(id).state).toBe('failed'));
      expect(view(id).failure).toEqual({ message: 'there is no room', remedy: 'Make room.' });
      expect(w.driver.existing.size).toBe(0);
      w.driver.failure = undefined;
      w.setUpFailure = undefined;
      const again = w.service.start('local', 'lab');
      expect(again.id).not.toBe(id);
      await vi.waitFor(() => expect(view(again.id).state).toBe('ready'));
    },
  );

  it('is refused for a lab that is not there, or that needs what the driver has not', () => {
    expect(() => w.service.start('local', 'other')).toThrow(expect.objectContaining({ code: 'unknown-lab' }));
    w.needs = ['services'];
    expect(() => w.service.start('local', 'lab')).toThrow(expect.objectContaining({ code: 'capability-missing' }));
    expect(w.store.attempts.living()).toEqual([]);
  });

  it('is refused while the disk is full, and what runs goes on', async () => {
    const { mine } = await ready();
    w.store.hasRoom = () => false;
    await mine.end();
    expect(() => w.service.start('local', 'lab')).toThrow(expect.objectContaining({ code: 'disk-full' }));
  });

  it('can be ended while the sandbox is being made, which then is removed', async () => {
    let open = (): void => {};
    w.driver.gate = new Promise((resolve) => (open = resolve));
    const { id } = w.service.start('local', 'lab');
    const ended = w.service.owned('local', id).end();
    open();
    await ended;
    await vi.waitFor(() => expect(w.driver.existing.size).toBe(0));
    expect(w.service.living('local', 'lab')).toBeUndefined();
    expect(view(id).state).toBe('ended');
  });
});

describe('while it runs', () => {
  it('tells its followers what turns green, what breaks, and what the live view draws', async () => {
    const { id, lab, mine } = await ready();
    const events: AttemptEvent[] = [];
    const following = mine.follow((event) => events.push(event));
    lab.look?.([{ id: 'first', verdict: 'pass', saw: 'this', wanted: 'this' }]);
    await w.clock.advance(0);
    expect(events.at(-1)).toMatchObject({
      attempt: {
        points: 2,
        of: 5,
        tasks: [
          {
            criteria: [
              { verdict: 'pass', broken: false },
              { verdict: 'waiting', onCheckOnly: true },
            ],
          },
        ],
      },
    });
    lab.look?.([{ id: 'first', verdict: 'fail', saw: 'nothing', wanted: 'this' }]);
    expect(view(id).tasks[0]?.criteria[0]).toMatchObject({ verdict: 'fail', broken: true, saw: 'nothing' });
    const cluster = [...w.driver.existing.values()][0];
    cluster?.add({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'default' },
      spec: { containers: [] },
    });
    await w.clock.advance(200);
    expect(events.at(-1)).toMatchObject({ kind: 'live', view: { view: 'pods', pods: [{ name: 'a' }] } });
    following.dispose();
    expect(cluster?.watchers.size).toBe(0);
  });

  it('gives hints one by one, and answers are on disk before they are shown', async () => {
    const { id, lab, mine } = await ready();
    expect(mine.hint('first').tasks[0]?.criteria[0]?.hints).toEqual({ shown: ['look'], left: 1 });
    mine.hint('first');
    expect(() => mine.hint('first')).toThrow(expect.objectContaining({ code: 'no-hint-left' }));
    expect(() => mine.hint('other')).toThrow(expect.objectContaining({ code: 'unknown-criterion' }));
    expect(mine.answer('q', 'node-2').tasks[0]?.questions[0]?.value).toBe('node-2');
    expect(lab.answers).toEqual({ q: 'node-2' });
    expect(w.store.attempts.attempt(id)).toMatchObject({ answers: { q: 'node-2' }, hints: { first: 2 } });
    expect(() => mine.answer('other', 'x')).toThrow(expect.objectContaining({ code: 'unknown-question' }));
  });

  it('keeps the report of a check; one task alone does not count as the lab', async () => {
    const { id, lab, mine } = await ready();
    const partly = await mine.check('task');
    expect(partly.report).toMatchObject({ outcome: 'pass', points: 5 });
    expect(w.service.progress('local').labs['lab']).toMatchObject({ passed: false, attempt: id });
    lab.outcome = 'fail';
    expect((await mine.check(undefined)).tasks[0]?.criteria[1]).toMatchObject({ verdict: 'fail', broken: true });
    lab.outcome = 'pass';
    await mine.check(undefined);
    expect(w.service.progress('local').labs['lab']).toEqual({ points: 5, of: 5, passed: true, attempt: id });
    await expect(mine.check('other')).rejects.toMatchObject({ code: 'not-found' });
    expect(lab.held).toBe(0);
  });

  it('shows each result of a check as soon as it is there', async () => {
    const { id, lab, mine } = await ready();
    let open = (): void => {};
    lab.midway = () => new Promise((resolve) => (open = resolve));
    const checked = mine.check(undefined);
    await vi.waitFor(() => expect(view(id).tasks[0]?.criteria[0]?.verdict).toBe('pass'));
    expect(view(id).tasks[0]?.criteria[1]?.verdict).toBe('waiting');
    open();
    await checked;
    expect(view(id).tasks[0]?.criteria[1]?.verdict).toBe('pass');
  });

  it('takes nothing away when a check could not tell', async () => {
    const { id, lab, mine } = await ready();
    await mine.check(undefined);
    lab.outcome = 'ungraded';
    const unsure = await mine.check(undefined);
    expect(unsure.tasks[0]?.criteria).toMatchObject([
      { verdict: 'error', broken: false },
      { verdict: 'error', broken: false },
    ]);
    expect(unsure.report?.outcome).toBe('ungraded');
    expect(w.service.progress('local').labs['lab']).toEqual({ points: 5, of: 5, passed: true, attempt: id });
  });

  it('checks one at a time', async () => {
    const { mine } = await ready();
    const first = mine.check(undefined);
    await expect(mine.check(undefined)).rejects.toMatchObject({ code: 'check-running' });
    await first;
  });

  it('opens at most six terminals', async () => {
    const { id, mine } = await ready();
    for (let i = 0; i < 6; i++) await mine.terminals.open();
    await expect(mine.terminals.open()).rejects.toMatchObject({ code: 'too-many-terminals' });
    expect(view(id).terminals.map(({ title }) => title)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `Terminal ${n}`));
    expect(mine.terminals.find(view(id).terminals[0]?.id ?? '')).toBeDefined();
  });

  it('belongs to its learner alone', async () => {
    const { id } = await ready();
    for (const [learner, asked] of [
      ['other', id],
      ['local', 'nobody'],
    ] as const) {
      expect(() => w.service.owned(learner, asked)).toThrow(expect.objectContaining({ code: 'not-found' }));
    }
    expect(w.service.living('other', 'lab')).toBeUndefined();
    expect(w.service.progress('other').labs).toEqual({});
  });

  it('is begun anew by reset, with the same variant', async () => {
    const { id, mine } = await ready();
    const fresh = await mine.reset();
    expect(fresh.id).not.toBe(id);
    expect(fresh.html).toBe(w.labs[0]?.html);
    expect(view(id).state).toBe('ended');
    await vi.waitFor(() => expect(w.driver.existing.size).toBe(1));
    await expect(mine.check(undefined)).rejects.toMatchObject({ code: 'attempt-over' });
  });
});

describe('after a restart of the server', () => {
  it('all that was saved is there, the sandbox too; only shells are new, and it says so', async () => {
    const { id, lab, mine } = await ready();
    lab.look?.([{ id: 'first', verdict: 'pass' }]);
    mine.answer('q', 'x');
    mine.hint('first');
    await mine.check(undefined);
    await mine.terminals.open();
    await w.restart();
    const found = view(id);
    expect(found).toMatchObject({
      state: 'ready',
      terminals: [],
      report: { outcome: 'pass' },
      tasks: [{ questions: [{ value: 'x' }], criteria: [{ hints: { shown: ['look'] } }, { verdict: 'pass' }] }],
    });
    expect(found.notice).toMatch(/only the shells are new/);
    expect(found.html).toBe(lab.html);
    expect(w.labs.at(-1)?.passedBefore.toSorted()).toEqual(['first', 'second']);
    w.labs.at(-1)?.look?.([{ id: 'first', verdict: 'fail', saw: 'nothing' }]);
    expect(view(id).tasks[0]?.criteria[0]?.broken).toBe(true);
  });

  it('sandboxes that nobody owns are swept, and one half made is told as failed', async () => {
    w.driver.gate = new Promise(() => {});
    const { id } = w.service.start('local', 'lab');
    const mine = w.store.attempts.attempt(id);
    w.driver.gate = Promise.resolve();
    await w.driver.create(
      { topology: 'K3', needs: [] },
      { id: mine?.sandbox ?? '', onProgress: () => {}, signal: new AbortController().signal },
    );
    await w.driver.create(
      { topology: 'K3', needs: [] },
      { id: 'orphan', onProgress: () => {}, signal: new AbortController().signal },
    );
    await w.restart();
    expect([...w.driver.existing.keys()]).toEqual([]);
    expect(w.removed).toContain('orphan');
    expect(w.store.attempts.attempt(id)).toMatchObject({
      state: 'failed',
      failure: { remedy: 'Start the lab again.' },
    });
  });

  it('a sandbox that is gone is told, and one that cannot be opened now is kept for later', async () => {
    const { id } = await ready();
    w.driver.openFailure = new Error('busy');
    await w.restart();
    expect(view(id)).toMatchObject({ state: 'failed', failure: { message: 'busy' } });
    expect(w.driver.existing.size).toBe(1);
    w.driver.openFailure = undefined;
    await w.restart();
    expect(view(id).state).toBe('ready');
    w.driver.existing.clear();
    await w.restart();
    expect(view(id)).toMatchObject({ state: 'failed', failure: { message: 'the sandbox of this attempt is gone' } });
    expect(w.store.attempts.living()).toEqual([]);
  });
});
