/** List work of the strategic merge: comparing by merge key, deduplicating, and the order of the result. */
import { isRecord, jsonEqual } from '../../../../kernel/kube/object.ts';
import { PatchError } from './schema.ts';

/** Whether two elements are the same one: by merge key, or by value where there is no key. */
export function sameKey(a: unknown, b: unknown, mergeKey: string): boolean {
  if (mergeKey === '') return jsonEqual(a, b);
  return isRecord(a) && isRecord(b) && a[mergeKey] !== undefined && jsonEqual(a[mergeKey], b[mergeKey]);
}

/** Throws PatchError when the lists mix objects and scalars. */
export function elementKind(...lists: readonly (readonly unknown[])[]): 'object' | 'scalar' {
  const all = lists.flat();
  const objects = all.filter(isRecord).length;
  if (all.some(Array.isArray)) throw new PatchError('lists of lists are not supported');
  if (objects !== 0 && objects !== all.length) throw new PatchError('list element types are not identical');
  return objects > 0 ? 'object' : 'scalar';
}

/** Both lists without repeats; of equal scalars the last one stays. */
export function mergeScalars(before: readonly unknown[], change: readonly unknown[]): unknown[] {
  return [...new Set([...before, ...change])];
}

export function deleteFromList(list: readonly unknown[], gone: readonly unknown[]): unknown[] {
  return list.filter((item) => !gone.some((other) => jsonEqual(item, other)));
}

export interface Split {
  readonly patchItems: readonly unknown[];
  readonly serverOnly: readonly unknown[];
}

/** Splits a merged list into what the patch speaks of and what only the server knows. */
export function splitByPresence(merged: readonly unknown[], named: readonly unknown[], mergeKey: string): Split {
  if (mergeKey !== '') {
    const keyless = merged.find((item) => !isRecord(item) || item[mergeKey] === undefined);
    if (keyless !== undefined)
      throw new PatchError(`map: ${goText(keyless)} does not contain declared merge key: ${mergeKey}`);
  }
  const isNamed = (item: unknown): boolean => named.some((other) => sameKey(item, other, mergeKey));
  return { patchItems: merged.filter(isNamed), serverOnly: merged.filter((item) => !isNamed(item)) };
}

export interface Order {
  /** The order the patch asks for. */
  readonly order: readonly unknown[];
  /** The order the list had. */
  readonly serverOrder: readonly unknown[];
  readonly mergeKey: string;
}

/** Patch items in the patch's order; server-only items keep their place before the first patch item that stood behind them. */
export function enforceOrder({ patchItems, serverOnly }: Split, { order, serverOrder, mergeKey }: Order): unknown[] {
  const position = (list: readonly unknown[], item: unknown): number =>
    list.findIndex((other) => sameKey(other, item, mergeKey));
  const right = sortBy(patchItems, (item) => position(order, item));
  const left = sortBy(serverOnly, (item) => position(serverOrder, item));
  const out: unknown[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const li = position(serverOrder, left[i]);
    const ri = position(serverOrder, right[j]);
    if (li >= 0 && ri >= 0 && li < ri) out.push(left[i++]);
    else out.push(right[j++]);
  }
  return [...out, ...left.slice(i), ...right.slice(j)];
}

function sortBy(items: readonly unknown[], rank: (item: unknown) => number): unknown[] {
  return items
    .map((item) => ({ item, at: rank(item) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** A JSON value as Go's `%v` prints it, which some errors quote: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isRecord(value))
    return `map[${Object.keys(value)
      .toSorted()
      .map((key) => `${key}:${goText(value[key])}`)
      .join(' ')}]`;
  return value === null || value === undefined ? '<nil>' : String(value);
}
