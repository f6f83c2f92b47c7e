/** All programs by name: the shells, the applets and the daemons. */
import { applets } from '../applets/index.ts';
import type { Program } from '../process.ts';
import { shellProgram } from '../shell/shell.ts';
import { agnhost } from './agnhost.ts';
import { component } from './component.ts';
import { coredns } from './coredns.ts';
import { httpEcho } from './http-echo.ts';
import { httpd } from './httpd.ts';
import { nginx } from './nginx.ts';
import { redisCli, redisServer } from './redis.ts';

export const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...applets,
  ['ash', shellProgram('ash')],
  ['dash', shellProgram('dash')],
  ['bash', shellProgram('bash')],
  ['nginx', nginx],
  ['httpd', httpd],
  ['redis-server', redisServer],
  ['redis-cli', redisCli],
  ['agnhost', agnhost],
  ['coredns', coredns],
  ['http-echo', httpEcho],
  ['pause', (process) => process.untilTerminated()],
  ['component', component],
]);
