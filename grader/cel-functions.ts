/** The functions that expressions about Kubernetes need beyond plain CEL. */
import type { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { isRecord } from '../kernel/kube/object.ts';
import { readPath } from '../kernel/kube/field-path.ts';
import { parseQuantity } from '../kernel/kube/quantity.ts';

const PATTERN_LONGEST = 500;
const INPUT_LONGEST = 4096;

/**
 * - `quantity("500m")`: the amount as a double
 * - `condition(object, "Ready")`: that condition's status, or ""
 * - `labels(object)`: its labels, or {}
 * - `distinct(list)`: each value once
 * - `counts(list)`: how often each text occurs, as a map
 * - `skew(domains, list)`: the largest minus the smallest count of the domains in the list
 * - `endpoints(slices)`: the endpoints of EndpointSlices, each `{ready, ports, pod}`; `ports` is the number of ports
 * - `pattern(text, "re2")`: whether the whole text matches
 */
export function registerFunctions(environment: Environment): Environment {
  return environment
    .registerFunction('quantity(dyn): double', (text: unknown) => Number(parseQuantity(String(text))) / 1e9)
    .registerFunction('condition(dyn, string): string', (object: unknown, type: string) =>
      conditionStatus(object, type),
    )
    .registerFunction('labels(dyn): dyn', (object: unknown) => readPath(object, 'metadata.labels') ?? {})
    .registerFunction('distinct(list): list', (list: readonly unknown[]) => [...new Set(list)])
    .registerFunction('counts(list): dyn', (list: readonly unknown[]) => counts(list))
    .registerFunction('skew(list, list): int', (domains: readonly unknown[], list: readonly unknown[]) =>
      skew(domains, list),
    )
    .registerFunction('endpoints(list): list', (slices: readonly unknown[]) => slices.flatMap(endpointsOf))
    .registerFunction('pattern(string, string): bool', (text: string, pattern: string) =>
      matchesPattern(text, pattern),
    );
}

function conditionStatus(object: unknown, type: string): string {
  const conditions = readPath(object, 'status.conditions');
  if (!Array.isArray(conditions)) return '';
  const condition: unknown = conditions.find((c: unknown) => isRecord(c) && c.type === type);
  return isRecord(condition) ? String(condition.status) : '';
}

function counts(list: readonly unknown[]): Record<string, bigint> {
  const found: Record<string, bigint> = {};
  for (const item of list) found[String(item)] = (found[String(item)] ?? 0n) + 1n;
  return found;
}

function skew(domains: readonly unknown[], list: readonly unknown[]): bigint {
  const found = counts(list);
  const sizes = domains.map((domain) => Number(found[String(domain)] ?? 0n));
  return sizes.length === 0 ? 0n : BigInt(Math.max(...sizes) - Math.min(...sizes));
}

/** An endpoint whose readiness is unknown counts as ready, as the API says; both lists of a slice may be null. */
function endpointsOf(slice: unknown): unknown[] {
  const [endpoints, ports] = [readPath(slice, 'endpoints'), readPath(slice, 'ports')];
  if (!Array.isArray(endpoints)) return [];
  return endpoints.map((endpoint: unknown) => ({
    ready: readPath(endpoint, 'conditions.ready') !== false,
    ports: BigInt(Array.isArray(ports) ? ports.length : 0),
    pod: readPath(endpoint, 'targetRef.name') ?? '',
  }));
}

/** RE2 over the whole text: linear time, whatever the pattern. Overlong input does not match. */
export function matchesPattern(text: string, pattern: string): boolean {
  if (pattern.length > PATTERN_LONGEST || text.length > INPUT_LONGEST) return false;
  return RE2JS.compile(pattern).matches(text);
}
