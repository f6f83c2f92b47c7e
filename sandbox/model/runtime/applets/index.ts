/** The small tools by name, as busybox has them. */
import type { Program } from '../process.ts';
import { fileApplets } from './files.ts';
import { filterApplets } from './filters.ts';
import { networkApplets } from './network.ts';
import { processApplets } from './processes.ts';
import { textApplets } from './text.ts';
import { tarApplets } from './tar.ts';

export const applets: ReadonlyMap<string, Program> = new Map([
  ...fileApplets,
  ...filterApplets,
  ...networkApplets,
  ...processApplets,
  ...textApplets,
  ...tarApplets,
]);
