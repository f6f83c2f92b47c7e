/** From the state being right to the criterion being green: a ConfigMap is written, a live evaluation says `pass`. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import { loadLab, fillLab, takeBaseline, watchLab } from '../grader/index.ts';
import type { Lab } from '../grader/index.ts';
import { modelDriver } from '../sandbox/model/driver.ts';
import { ms, percentile, print } from './stats.ts';

const ROUNDS = 60;

/** A lab of one criterion, so that the figure does not depend on any lab's own waiting. */
const LAB = `
id: bench
title: Bench
minutes: 1
difficulty: easy
variables: { round: { from: 0, to: ${ROUNDS} } }
tasks:
  - id: bench
    title: Bench
    criteria:
      - id: written
        title: The ConfigMap has this round's number
        check:
          kind: object
          of: { apiVersion: v1, kind: ConfigMap, namespace: default, name: bench }
          expect:
            - that: 'object.data.round == "\${round}"'
              wanted: this round's number
`;

async function benchLab(): Promise<Lab> {
  const directory = join(await mkdtemp(join(tmpdir(), 'drydock-bench-')), 'bench');
  await mkdir(directory);
  await writeFile(join(directory, 'lab.yaml'), LAB);
  return loadLab(directory);
}

export async function tick(): Promise<void> {
  const sandbox = await modelDriver({}).create(
    { topology: 'K1', needs: [] },
    { id: 'tick', onProgress: () => {}, signal: new AbortController().signal },
  );
  const unfilled = await benchLab();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const lab = fillLab(unfilled, { round });
    const baseline = await takeBaseline(lab, sandbox.cluster);
    const passed = Promise.withResolvers<number>();
    const live = watchLab({
      lab,
      cluster: sandbox.cluster,
      answers: {},
      baseline,
      clock: systemClock,
      onChange: (states) => states[0]?.verdict === 'pass' && passed.resolve(performance.now()),
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'bench', namespace: 'default' },
      data: { round: String(round) },
    };
    const began = performance.now();
    await sandbox.cluster.apply([object]);
    times.push((await passed.promise) - began);
    live.dispose();
  }
  await sandbox.close();
  const p95 = percentile(times, 95);
  print('Tick', [
    {
      name: 'state to green criterion (p50 / p95)',
      value: `${ms(percentile(times, 50))} / ${ms(p95)}`,
      bar: '<= 500 ms',
      met: p95 <= 500,
    },
  ]);
}
