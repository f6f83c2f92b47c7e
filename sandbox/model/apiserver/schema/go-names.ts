/** Go's reflection names of table types, as they stand in decoding errors: `int32`, `v1.PodSpec`, `[]v1.Container`. */

const SCALARS: Readonly<Record<string, string>> = { double: 'float64', bytes: '[]uint8', any: 'interface {}' };

/** The Go name that follows from a table type; fields where Go differs carry their own in `g`. */
export function goNameOf(type: string): string {
  if (type.startsWith('[]')) return `[]${goNameOf(type.slice(2))}`;
  if (type.startsWith('{}')) return `map[string]${goNameOf(type.slice(2))}`;
  if (!type.includes('.')) return SCALARS[type] ?? type;
  return type.split('.').slice(-2).join('.');
}
