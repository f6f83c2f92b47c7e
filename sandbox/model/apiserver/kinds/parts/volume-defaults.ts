/** Defaults of a volume. Source: kubernetes `pkg/apis/core/v1/defaults.go` (wire-spec §14). */
import { pullPolicy } from './container-defaults.ts';
import { canonicalQuantity, canonicalResources } from './quantities.ts';
import type { Fields } from './reading.ts';
import { amount, fields, fill, items, text } from './reading.ts';

const FILE_MODE = 0o644;

export function withVolumeDefaults(volume: Fields): Fields {
  const [source] = Object.keys(volume).filter(
    (key) => key !== 'name' && volume[key] !== undefined && volume[key] !== null,
  );
  if (source === undefined) return { ...volume, emptyDir: {} };
  return { ...volume, [source]: withSourceDefaults(source, fields(volume[source])) };
}

function withSourceDefaults(kind: string, source: Fields): Fields {
  switch (kind) {
    case 'configMap':
    case 'secret':
      return fill(source, { defaultMode: FILE_MODE });
    case 'downwardAPI':
      return fill(withFieldRefs(source), { defaultMode: FILE_MODE });
    case 'projected':
      return fill(
        { ...source, sources: items(source['sources']).map(withProjectionDefaults) },
        { defaultMode: FILE_MODE },
      );
    case 'hostPath':
      return fill(source, { type: '' });
    case 'image':
      return fill(source, { pullPolicy: pullPolicy(text(source['reference'])) });
    case 'emptyDir':
      return source['sizeLimit'] === undefined
        ? source
        : { ...source, sizeLimit: canonicalQuantity(amount(source['sizeLimit'])) };
    case 'ephemeral':
      return { ...source, volumeClaimTemplate: withTemplateDefaults(fields(source['volumeClaimTemplate'])) };
    default:
      return source;
  }
}

function withProjectionDefaults(source: Fields): Fields {
  if (source['serviceAccountToken'] !== undefined) {
    return { ...source, serviceAccountToken: fill(fields(source['serviceAccountToken']), { expirationSeconds: 3600 }) };
  }
  return source['downwardAPI'] === undefined
    ? source
    : { ...source, downwardAPI: withFieldRefs(fields(source['downwardAPI'])) };
}

function withFieldRefs(source: Fields): Fields {
  if (source['items'] === undefined) return source;
  const refs = items(source['items']).map((item) =>
    item['fieldRef'] === undefined ? item : { ...item, fieldRef: fill(fields(item['fieldRef']), { apiVersion: 'v1' }) },
  );
  return { ...source, items: refs };
}

function withTemplateDefaults(template: Fields): Fields {
  return { ...fill(template, { metadata: {} }), spec: withClaimSpecDefaults(fields(template['spec'])) };
}

/** Defaults of a claim's spec, in a PersistentVolumeClaim and in a template alike. */
export function withClaimSpecDefaults(claim: Fields): Fields {
  return { ...fill(claim, { volumeMode: 'Filesystem' }), resources: canonicalResources(claim['resources']) };
}
