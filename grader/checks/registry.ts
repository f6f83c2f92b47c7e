/** All check kinds. Adding one: write its file, then name it here twice; forgetting one is a type error. */
import { z } from 'zod';
import type { Check, Evidence, Finding, Probe, Source } from '../check.ts';
import { absentCheck, absentSpecSchema } from './absent.ts';
import { answerCheck, answerSpecSchema } from './answer.ts';
import { objectCheck, objectSpecSchema } from './object.ts';
import { objectsCheck, objectsSpecSchema } from './objects.ts';
import { reachesCheck, reachesSpecSchema } from './reaches.ts';
import { unchangedCheck, unchangedSpecSchema } from './unchanged.ts';

export const checkSpecSchema = z
  .discriminatedUnion('kind', [
    objectSpecSchema,
    objectsSpecSchema,
    absentSpecSchema,
    answerSpecSchema,
    reachesSpecSchema,
    unchangedSpecSchema,
  ])
  .describe('what is looked at and what must be so');
export type CheckSpec = z.infer<typeof checkSpecSchema>;

/** A check with its spec inside: what the engine works with, whatever the kind. */
export interface BoundCheck {
  readonly sources: readonly Source[];
  /** Whether it sends requests, and so cannot be watched. */
  readonly probes: boolean;
  probe(evidence: Evidence): Probe | undefined;
  lint(): readonly string[];
  look(evidence: Evidence): Finding;
}

export function bindCheck(spec: CheckSpec): BoundCheck {
  switch (spec.kind) {
    case 'object':
      return bind(objectCheck, spec);
    case 'objects':
      return bind(objectsCheck, spec);
    case 'absent':
      return bind(absentCheck, spec);
    case 'answer':
      return bind(answerCheck, spec);
    case 'reaches':
      return bind(reachesCheck, spec);
    case 'unchanged':
      return bind(unchangedCheck, spec);
  }
}

function bind<Spec>(check: Check<Spec>, spec: Spec): BoundCheck {
  return {
    sources: check.needs(spec),
    probes: check.probe !== undefined,
    probe: (evidence) => check.probe?.(spec, evidence),
    lint: () => check.lint?.(spec) ?? [],
    look: (evidence) => check.look(spec, evidence),
  };
}
