/** `drydock check`: grades a lab on any cluster, as it is now. */
import { join } from 'node:path';
import type { GradeReport } from '../../grader/index.ts';
import { drawVariables, fillLab, gradeLab, loadLab, takeBaseline } from '../../grader/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { ApiClient } from '../../sandbox/client/client.ts';
import { readCredentials } from '../../sandbox/client/credentials.ts';
import { HttpsTransport } from '../../sandbox/client/https-transport.ts';
import type { ExitCode } from './output.ts';
import { EXIT, paint, print, printJson } from './output.ts';

export interface CheckOptions {
  readonly root: string;
  readonly lab: string;
  readonly kubeconfig: string;
  readonly seed: string;
  /** `question=value`. */
  readonly answer: readonly string[];
  readonly json: boolean;
}

export async function check(options: CheckOptions): Promise<ExitCode> {
  const clock = systemClock;
  const loaded = await loadLab(join(options.root, 'labs', options.lab));
  const lab = fillLab(loaded, drawVariables(loaded, options.seed));
  const transport = new HttpsTransport(await readCredentials(options.kubeconfig));
  try {
    const cluster = new ApiClient({ transport, clock });
    // No attempt began here, so there is no earlier baseline: what must be unchanged is compared with how it is now.
    const baseline = await takeBaseline(lab, cluster);
    const report = await gradeLab({
      lab,
      cluster,
      clock,
      baseline,
      answers: answersOf(options.answer),
      signal: new AbortController().signal,
    });
    if (options.json) printJson(report);
    else printReport(report);
    return report.outcome === 'pass' ? EXIT.ok : report.outcome === 'fail' ? EXIT.checksFailed : EXIT.internal;
  } finally {
    transport.dispose();
  }
}

function answersOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
}

const WORDS = { pass: 'passed', fail: 'not yet', error: 'could not tell', skipped: 'skipped' } as const;

function printReport(report: GradeReport): void {
  for (const task of report.tasks) {
    print(task.title);
    for (const { verdict, title, points, of, observation } of task.criteria) {
      const word = paint(verdict === 'pass' ? 'green' : 'red', WORDS[verdict].padEnd(14));
      print(`  ${word} ${title} (${points}/${of})`);
      if (verdict !== 'pass') print(`                 saw: ${observation.saw}; wanted: ${observation.wanted}`);
    }
  }
  print(`${report.points} of ${report.of} points: ${report.outcome}`);
}
