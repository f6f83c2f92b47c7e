/** Access modes as volumes print them. Source: kubernetes `helper.GetAccessModesAsString`. */
import { texts } from './reading.ts';

const SHORT: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

export function accessModesText(modes: unknown): string {
  const given = texts(modes);
  return SHORT.filter(([mode]) => given.includes(mode))
    .map(([, short]) => short)
    .join(',');
}
