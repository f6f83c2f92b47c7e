/** Files made of ConfigMaps, Secrets, tokens and the Pod's own fields. Source: kubernetes `validateProjectionSources`, `validateKeyToPath`. */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, text, whole } from '../kinds/parts/reading.ts';
import { forbidden, invalid, required } from './causes.ts';
import { fileFieldRef, resourceFieldRef } from './field-refs.ts';
import { volumeFilePath } from './paths.ts';

const SOURCES = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate'];
const MOST_MODE = 0o777;

export function fileMode(field: string, value: unknown): readonly Invalid[] {
  if (value === undefined || (whole(value) >= 0 && whole(value) <= MOST_MODE)) return [];
  return [invalid(field, value, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

/** One `{key, path, mode}`. */
export function keyItems(field: string, item: Fields): readonly Invalid[] {
  const path = text(item['path']);
  return [
    ...(text(item['key']) === '' ? [required(`${field}.key`)] : []),
    ...(path === '' ? [required(`${field}.path`)] : volumeFilePath(`${field}.path`, path)),
    ...fileMode(`${field}.mode`, item['mode']),
  ];
}

/** One file of a downward API volume. */
export function downwardItems(field: string, item: Fields): readonly Invalid[] {
  const { path, fieldRef, resourceFieldRef: resource, mode } = item;
  const causes: Invalid[] =
    text(path) === '' ? [required(`${field}.path`)] : [...volumeFilePath(`${field}.path`, text(path))];
  if (fieldRef !== undefined) {
    causes.push(...fileFieldRef(`${field}.fieldRef`, fields(fieldRef)));
    if (resource !== undefined)
      causes.push(invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (resource !== undefined) {
    causes.push(...resourceFieldRef(`${field}.resourceFieldRef`, fields(resource), true));
  } else {
    causes.push(required(field, 'one of fieldRef and resourceFieldRef is required'));
  }
  return [...causes, ...fileMode(`${field}.mode`, mode)];
}

/** The sources of a projected volume; no two may write the same path. */
export function projected(field: string, source: Fields): readonly Invalid[] {
  const paths = new Set<string>();
  const claim = (path: string): readonly Invalid[] => {
    if (path === '') return [];
    const taken = paths.has(path);
    paths.add(path);
    return taken ? [invalid(field, path, 'conflicting duplicate paths')] : [];
  };
  return items(source['sources']).flatMap((entry, i) => {
    const at = `${field}.sources[${i}]`;
    const kinds = SOURCES.filter((kind) => entry[kind] !== undefined);
    if (kinds.length > 1) return [forbidden(at, 'may not specify more than 1 volume type per source')];
    return kinds.flatMap((kind) => projection({ field, at: `${at}.${kind}`, kind, claim }, fields(entry[kind])));
  });
}

interface ProjectionAt {
  readonly field: string;
  readonly at: string;
  readonly kind: string;
  claim(path: string): readonly Invalid[];
}

function projection({ field, at, kind, claim }: ProjectionAt, source: Fields): readonly Invalid[] {
  switch (kind) {
    case 'secret':
    case 'configMap':
      return [
        ...(text(source['name']) === '' ? [required(`${at}.name`)] : []),
        ...items(source['items']).flatMap((item, i) => [
          ...keyItems(`${at}.items[${i}]`, item),
          ...claim(text(item['path'])),
        ]),
      ];
    case 'downwardAPI':
      return items(source['items']).flatMap((item) => [...downwardItems(at, item), ...claim(text(item['path']))]);
    case 'serviceAccountToken': {
      const seconds = whole(source['expirationSeconds']);
      const causes: Invalid[] =
        seconds < 600
          ? [invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes')]
          : [];
      if (text(source['path']) === '') causes.push(required(`${field}.path`));
      else causes.push(...volumeFilePath(`${field}.path`, text(source['path'])), ...claim(text(source['path'])));
      return causes;
    }
    default:
      return [];
  }
}
