/** Names, labels, annotations, owners and finalizers of any object. Source: apimachinery `ValidateObjectMeta`, kubernetes `ValidateFinalizerName`. */
import type { KubeObject, OwnerReference } from '../../../../kernel/kube/object.ts';
import type { Invalid, Kind } from '../kind.ts';
import { forbidden, invalid, invalids, required } from './causes.ts';
import { dnsLabel, dnsLabel1035, dnsSubdomain, qualifiedName } from './names.ts';
import { annotations, labels } from './selectors.ts';

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** All causes in metadata, in upstream's order. */
export function objectMetaCauses(kind: Pick<Kind, 'nameRule'>, { metadata }: KubeObject): readonly Invalid[] {
  const { name = '', generateName = '' } = metadata;
  const rule = ruleOf(kind);
  return [
    ...(generateName === ''
      ? []
      : invalids('metadata.generateName', generateName, rule(maskTrailingDash(generateName)))),
    ...(name === ''
      ? [required('metadata.name', 'name or generateName is required')]
      : invalids('metadata.name', name, rule(name))),
    ...labels('metadata.labels', metadata.labels),
    ...annotations('metadata.annotations', metadata.annotations),
    ...owners('metadata.ownerReferences', metadata.ownerReferences ?? []),
    ...finalizers('metadata.finalizers', metadata.finalizers ?? []),
  ];
}

function ruleOf({ nameRule = 'subdomain' }: Pick<Kind, 'nameRule'>): (name: string) => readonly string[] {
  return { subdomain: dnsSubdomain, label: dnsLabel, label1035: dnsLabel1035, path: pathSegment }[nameRule];
}

/** Any text that can stand between two slashes of a path. */
function pathSegment(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((mark) => name.includes(mark)).map((mark) => `may not contain '${mark}'`);
}

/** A prefix may end in a dash, because more will follow. */
function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}

function owners(field: string, list: readonly OwnerReference[]): readonly Invalid[] {
  const causes = list.flatMap(({ apiVersion, kind, name, uid }) => {
    const missing = (key: string, value: string): readonly Invalid[] =>
      value ? [] : [invalid(`${field}.${key}`, value, 'must not be empty')];
    return [
      ...(apiVersion ? [] : [invalid(`${field}.apiVersion`, apiVersion, 'version must not be empty')]),
      ...missing('kind', kind),
      ...missing('name', name),
      ...missing('uid', uid),
    ];
  });
  const controllers = list.filter(({ controller }) => controller === true);
  const [first, second] = controllers.map(({ kind, name }) => `${kind}/${name}`);
  if (second === undefined) return causes;
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
  return [...causes, invalid(field, list, detail)];
}

function finalizers(field: string, list: readonly string[]): readonly Invalid[] {
  const shapes = list.flatMap((name) => invalids(field, name, qualifiedName(name)));
  const standard = list.flatMap((name, i) =>
    name.includes('/') || STANDARD_FINALIZERS.has(name)
      ? []
      : [invalid(`${field}[${i}]`, name, 'name is neither a standard finalizer name nor is it fully qualified')],
  );
  const both = list.includes('orphan') && list.includes('foregroundDeletion');
  const conflict = 'finalizer orphan and foregroundDeletion cannot be both set';
  return [...shapes, ...standard, ...(both ? [forbidden(field, conflict)] : [])];
}
