/** Parses what a server answered into objects and lists; adds the apiVersion and kind that list items lack on the wire. */
import { CouldNotTell } from '../../kernel/errors.ts';
import type { KubeList, KubeObject } from '../../kernel/kube/object.ts';
import { isRecord } from '../../kernel/kube/object.ts';

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Throws CouldNotTell when the answer is no object. */
export function toObject(value: unknown, of: Named): KubeObject {
  if (isKubeObject(value)) return value;
  if (!isRecord(value)) throw unreadable(of);
  const { apiVersion, kind } = of;
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  return { ...value, apiVersion, kind, metadata };
}

/** Throws CouldNotTell when the answer is no list. */
export function toList(value: unknown, of: Named): KubeList {
  if (!isRecord(value) || !Array.isArray(value['items'])) throw unreadable(of);
  const items: KubeObject[] = value['items'].map((item: unknown) => toObject(item, of));
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  return { apiVersion: of.apiVersion, kind: `${of.kind}List`, metadata, items };
}

function isKubeObject(value: unknown): value is KubeObject {
  return (
    isRecord(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isRecord(value['metadata'])
  );
}

function unreadable(of: Named): CouldNotTell {
  return new CouldNotTell('unreadable-answer', `The API server's answer about ${of.kind} could not be read.`);
}
