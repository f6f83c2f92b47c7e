/** Where the small tools live in images: busybox's applets, and the fewer tools of Debian-based images. */

const BIN = [
  'ash',
  'base64',
  'cat',
  'chmod',
  'chown',
  'cp',
  'date',
  'dd',
  'df',
  'echo',
  'egrep',
  'false',
  'fgrep',
  'grep',
  'gzip',
  'hostname',
  'kill',
  'ln',
  'ls',
  'mkdir',
  'mktemp',
  'mv',
  'ping',
  'printenv',
  'ps',
  'pwd',
  'rm',
  'rmdir',
  'sed',
  'sh',
  'sleep',
  'stat',
  'sync',
  'tar',
  'touch',
  'true',
  'uname',
  'usleep',
  'watch',
];
const USR_BIN = [
  '[',
  'awk',
  'basename',
  'clear',
  'cut',
  'diff',
  'dirname',
  'du',
  'env',
  'expr',
  'find',
  'free',
  'head',
  'id',
  'md5sum',
  'nc',
  'nproc',
  'nslookup',
  'printf',
  'readlink',
  'realpath',
  'seq',
  'sha256sum',
  'sort',
  'tail',
  'tee',
  'test',
  'timeout',
  'top',
  'tr',
  'tty',
  'uniq',
  'uptime',
  'wc',
  'wget',
  'which',
  'whoami',
  'xargs',
  'yes',
];
const USR_SBIN = ['httpd'];
const SBIN = ['ifconfig', 'ip', 'arp', 'route', 'halt'];

/** Names that are served by the program of another name. */
const SAME: Readonly<Record<string, string>> = { sh: 'ash', egrep: 'grep', fgrep: 'grep' };
const OMITTED = new Set([
  'gzip',
  'df',
  'dd',
  'du',
  'diff',
  'top',
  'free',
  'arp',
  'route',
  'halt',
  'ifconfig',
  'watch',
  'sync',
  'awk',
]);

function paths(dir: string, names: readonly string[]): [string, string][] {
  return names.filter((name) => !OMITTED.has(name)).map((name) => [`${dir}/${name}`, SAME[name] ?? name]);
}

export const appletPaths: Readonly<Record<string, string>> = Object.fromEntries([
  ...paths('/bin', BIN),
  ...paths('/usr/bin', USR_BIN),
  ...paths('/usr/sbin', USR_SBIN),
  ...paths('/sbin', SBIN),
]);

const NOT_IN_DEBIAN = new Set([
  'ash',
  'ping',
  'ps',
  'nc',
  'nslookup',
  'wget',
  'httpd',
  'ip',
  'usleep',
  'sh',
  'watch',
  'kill',
]);

/** What slim Debian images have: no ps, no wget, no nslookup. */
export const coreutils: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(appletPaths).filter(([path]) => !NOT_IN_DEBIAN.has(path.slice(path.lastIndexOf('/') + 1))),
);
