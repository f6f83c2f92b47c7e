/** What must hold in a table by itself: every type named exists, protobuf numbers are unique, merge keys are fields of the element. */
import type { FieldEntry, Table } from '../table.ts';

const SCALARS = new Set(['string', 'int32', 'int64', 'bool', 'double', 'bytes', 'any']);

/** One sentence for each thing that is wrong. */
export function inconsistencies(table: Table): string[] {
  const wrong: string[] = [];
  for (const [name, { f }] of Object.entries(table.types)) {
    const numbers = new Set<string>();
    for (const [field, entry] of Object.entries(f)) {
      const element = entry.t.replace(/^(\[\]|\{\})+/, '');
      if (!SCALARS.has(element) && !table.types[element]) wrong.push(`${name}.${field}: unknown type ${element}`);
      if (entry.n !== undefined && numbers.has(entry.n)) wrong.push(`${name}.${field}: number ${entry.n} is taken`);
      if (entry.n !== undefined) numbers.add(entry.n);
      const elementFields = table.types[element]?.f;
      for (const key of keysOf(entry))
        if (elementFields && !elementFields[key]) wrong.push(`${name}.${field}: no key ${key} in ${element}`);
    }
  }
  return wrong;
}

function keysOf(entry: FieldEntry): string[] {
  return [...(entry.k === undefined ? [] : [entry.k]), ...(entry.lk ?? [])];
}
