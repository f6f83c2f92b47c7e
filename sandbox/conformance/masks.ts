/**
 * Every part of kubectl's output that may differ between two clusters that behave the same, and why. Applied in this order to
 * both sides before they are compared. Nothing else is forgiven.
 */

export interface Mask {
  readonly why: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]';

export const masks: readonly Mask[] = [
  { why: 'ids are random', pattern: /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, replacement: '<uid>' },
  { why: 'certificates are made for each cluster', pattern: /X509SHA256=[0-9a-f]+/g, replacement: 'X509SHA256=<sum>' },
  { why: 'time of day', pattern: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, replacement: '<time>' },
  {
    why: 'kubectl diff compares files of its own',
    pattern: /\/tmp\/(LIVE|MERGED)-\d+\/(\S+)(\t\d{4}-\d\d-\d\d [\d:.]+ [+-]\d{4})?/g,
    replacement: '/tmp/$1/$2',
  },
  {
    why: 'time of day, as describe prints it',
    pattern: /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g,
    replacement: '<time>',
  },
  { why: 'how long ago', pattern: /\b(\d+[smhdy])+ ago\b/g, replacement: '<age> ago' },
  {
    why: 'how often and how long ago, in event lists',
    pattern: /<age> ago|(^|\s)(\d+[smhdy]){1,2}( \(x\d+ over (\d+[smhdy])+\))?(?=\s|$)/gm,
    replacement: '$1<age>',
  },
  { why: 'how often so far', pattern: /\(x\d+ over <age>\)|\(x\d+ over (\d+[smhdy])+\)/g, replacement: '' },
  {
    why: 'revisions depend on what else was written',
    pattern: /(resourceVersion"?: ?)"\d+"/g,
    replacement: '$1"<rv>"',
  },
  { why: 'revisions, as describe prints them', pattern: /(Resource Version:\s+)\d+/g, replacement: '$1<rv>' },
  {
    why: "the hash of a Pod template depends on Go's own dump of it (SPEC: not simulated)",
    pattern: new RegExp(`\\b(web|api)-[4-9bcdf]{6,10}\\b`, 'g'),
    replacement: '$1-<hash>',
  },
  {
    why: 'the same hash, as a label',
    pattern: /(pod-template-hash"?[=:] ?"?)[4-9bcdf]{6,10}\b/g,
    replacement: '$1<hash>',
  },
  {
    why: 'generated names end at random',
    pattern: new RegExp(`(-<hash>|\\bgen|kube-api-access|\\bweb|\\bnp|\\bbare)-${SUFFIX}{5}\\b`, 'g'),
    replacement: '$1-<random>',
  },
  {
    why: 'addresses of Pods, Services and nodes are handed out as they come',
    pattern: /\b(10\.244|10\.96|172\.\d+)\.\d+\.\d+\b/g,
    replacement: '<ip>',
  },
  { why: 'node ports are random', pattern: /\b3[0-2]\d{3}\b/g, replacement: '<port>' },
  { why: 'addresses of the API server', pattern: /https:\/\/127\.0\.0\.1:\d+/g, replacement: 'https://<server>' },
  { why: 'which worker a Pod lands on is a tie', pattern: /\bkind-worker2?\b/g, replacement: '<worker>' },
  {
    why: 'containers and images have ids of their own',
    pattern: /(containerd:\/\/|sha256:)[0-9a-f]{64}/g,
    replacement: '$1<id>',
  },
  {
    why: "image ids of this machine's registry-less images",
    pattern: /((?:imageID"?:|Image ID:)\s*)\S+/g,
    replacement: '$1<id>',
  },
  {
    why: 'how long a pull took and what came',
    pattern: /in [\d.]+m?s \([\d.]+m?s including waiting\)\. Image size: \d+ bytes/g,
    replacement: 'in <age>',
  },
  {
    why: 'the images of the recorded cluster are one image under many tags',
    pattern: /(image"?: ?"?)docker\.io\/library\/(\w+):[\w.-]+/g,
    replacement: '$1<image of $2>',
  },
  {
    why: 'the images of the recorded cluster were loaded beforehand',
    pattern: /^(.*(Pulling image|Successfully pulled image|already present on machine)|Normal +Pulling\b).*\n/gm,
    replacement: '',
  },
  { why: 'how far a rollout was when kubectl looked', pattern: /^Waiting for deployment .*\n/gm, replacement: '' },
  {
    why: 'a program may end before kubectl attaches to it',
    pattern:
      /^(All commands and output from this session|If you don't see a command prompt|warning: couldn't attach to pod).*\n/gm,
    replacement: '',
  },
  {
    why: 'the id of a sandbox',
    pattern: /(pod |namespace \\")[0-9a-f]{64}\b/g,
    replacement: '$1<id>',
  },
  {
    why: "kubectl's own log lines begin with the time and its process",
    pattern: /^E\d{4} [\d:.]+ +(\d+|<port>) /gm,
    replacement: 'E<time> ',
  },
  {
    why: 'an object that a patch led to is quoted whole, with managedFields (SPEC: not simulated)',
    pattern: /(patch: Invalid value: )"\{\\"apiVersion\\":[^\n]*?\}": /g,
    replacement: '$1<object>: ',
  },
  {
    why: 'the id of an exec',
    pattern: /failed to start exec "[0-9a-f]{64}"/g,
    replacement: 'failed to start exec "<id>"',
  },
  {
    why: "Go's dump of what changed in a Pod (SPEC: not simulated)",
    pattern: /(pod updates may not change fields other than[^\n]*)\n[^]*?(?=--- stderr|$)/g,
    replacement: '$1\n',
  },
  {
    why: 'words on enumerations are in no npm package (SPEC: not simulated)',
    pattern: /^ +- `"(\w+)"`.*(\n +(?! *- `).*)*/gm,
    replacement: '- $1',
  },
  {
    why: 'quotas and limit ranges are not served yet (SPEC: not simulated)',
    pattern: /^\n?No (resource quota|LimitRange resource)\.\n/gm,
    replacement: '',
  },
  {
    why: 'the model says that it keeps no field ownership (SPEC: not simulated)',
    pattern: /^Warning: this model cluster keeps no field ownership.*\n/gm,
    replacement: '',
  },
  {
    why: "the operating system underneath is the machine's",
    pattern: /\b(Debian GNU\/Linux \d+ \(\w+\)|\d+\.\d+\.\d+\S*\s+\(amd64\)|containerd:\/\/[\d.]+(\+unknown)?)/g,
    replacement: '<os>',
  },
  { why: 'column widths follow the masked parts', pattern: / {2,}/g, replacement: '  ' },
  { why: 'lines end where the masked parts end', pattern: /[ \t]+$/gm, replacement: '' },
];

export function applyMasks(text: string): string {
  return masks.reduce((masked, { pattern, replacement }) => masked.replace(pattern, replacement), text);
}
