/** Requests and limits of a container. Source: kubernetes `validateContainerResourceName`, `ValidateResourceRequirements`. */
import { compareQuantities, parseQuantity } from '../../../../kernel/kube/quantity.ts';
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { amount, fields } from '../kinds/parts/reading.ts';
import { forbidden, invalid, invalids, required } from './causes.ts';
import { qualifiedName } from './names.ts';

const FOR_CONTAINERS: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
const NATIVE_ELSEWHERE: ReadonlySet<string> = new Set([
  'storage',
  'pods',
  'services',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
  'requests.storage',
]);

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Known to Kubernetes itself; all others are extended resources, which are whole and never overcommitted. */
function isNative(name: string): boolean {
  return !name.includes('/') || name.split('/')[0]?.endsWith('kubernetes.io') === true;
}

export function resourceRequirements(field: string, value: unknown): readonly Invalid[] {
  const limits = fields(fields(value)['limits']);
  const requests = fields(fields(value)['requests']);
  const names = new Set([...Object.keys(limits), ...Object.keys(requests)]);
  const sorted = (list: Fields): readonly string[] => Object.keys(list).toSorted();
  const causes: Invalid[] = [];
  for (const name of sorted(limits))
    causes.push(...resourceCauses(`${field}.limits[${name}]`, name, amount(limits[name])));
  for (const name of sorted(requests)) {
    causes.push(
      ...resourceCauses(`${field}.requests[${name}]`, name, amount(requests[name])),
      ...againstLimit(field, name, { limits, requests }),
    );
  }
  if ([...names].some(isHugePages) && !names.has('cpu') && !names.has('memory'))
    causes.push(forbidden(field, 'HugePages require cpu or memory'));
  return causes;
}

function resourceCauses(field: string, name: string, quantity: string): readonly Invalid[] {
  return [...nameCauses(field, name), ...quantityCauses(field, name, quantity)];
}

function nameCauses(field: string, name: string): readonly Invalid[] {
  const shape = qualifiedName(name);
  if (shape.length > 0) return invalids(field, name, shape);
  if (name.includes('/')) return [];
  const causes: Invalid[] = [];
  if (!FOR_CONTAINERS.has(name) && !NATIVE_ELSEWHERE.has(name) && !isHugePages(name)) {
    causes.push(invalid(field, name, 'must be a standard resource type or fully qualified'));
  }
  if (!FOR_CONTAINERS.has(name) && !isHugePages(name))
    causes.push(invalid(field, name, 'must be a standard resource for containers'));
  return causes;
}

function quantityCauses(field: string, name: string, quantity: string): readonly Invalid[] {
  const nano = parseQuantity(quantity);
  if (nano < 0n) return [invalid(field, quantity, 'must be greater than or equal to 0')];
  return !isNative(name) && nano % 1_000_000_000n !== 0n ? [invalid(field, quantity, 'must be an integer')] : [];
}

function againstLimit(
  field: string,
  name: string,
  { limits, requests }: { limits: Fields; requests: Fields },
): readonly Invalid[] {
  const limit = amount(limits[name]);
  const request = amount(requests[name]);
  const whole = !isNative(name) || isHugePages(name);
  if (limit === '')
    return whole ? [required(`${field}.limits`, 'Limit must be set for non overcommitable resources')] : [];
  const order = compareQuantities(request, limit);
  if (whole && order !== 0)
    return [invalid(`${field}.requests`, request, `must be equal to ${name} limit of ${limit}`)];
  return !whole && order > 0
    ? [invalid(`${field}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`)]
    : [];
}
