/**
 * The same kubectl commands to any cluster must give what a real Kubernetes gave. The scenarios, the recorded answers and
 * every allowed difference stand in `conformance/`.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { applyMasks } from './conformance/masks.ts';
import { answerSchema, loadScenarios, play } from './conformance/scenario.ts';
import type { Answer, Bench, Scenario, Step } from './conformance/scenario.ts';

export interface Comparison {
  readonly command: string;
  /** Masked: exit code, standard output, standard error. */
  readonly recorded: string;
  readonly answered: string;
}

export { loadScenarios };

/** Plays a scenario and sets each answer beside the recorded one. */
export async function compare(scenario: Scenario, bench: Bench): Promise<Comparison[]> {
  const recorded = await loadRecorded(scenario);
  const answers = await play(scenario, bench);
  return scenario.steps.map((step, i) => ({
    command: 'run' in step ? step.run : step.watch,
    recorded: comparable(step, recorded[i]),
    answered: comparable(step, answers[i]),
  }));
}

async function loadRecorded(scenario: Scenario): Promise<Answer[]> {
  const text = await readFile(new URL(`conformance/recorded/${scenario.name}.json`, import.meta.url), 'utf8');
  const answers = z.array(answerSchema).parse(JSON.parse(text));
  for (const [i, step] of scenario.steps.entries()) {
    const command = 'run' in step ? step.run : step.watch;
    if (answers[i]?.command !== command)
      throw new Error(`${scenario.name}: "${command}" is not recorded; run conformance/record.ts`);
  }
  return answers;
}

function comparable(step: Step, answer: Answer | undefined): string {
  if (!answer) return 'no answer';
  const text = applyMasks(`exit ${answer.exitCode}\n${answer.stdout}--- stderr\n${answer.stderr}`);
  return 'unsorted' in step && step.unsorted ? [...new Set(text.split('\n').sort())].join('\n') : text;
}
