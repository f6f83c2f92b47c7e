/** NamespaceLifecycle: nothing is made in a namespace that is missing or leaving, and some namespaces may not leave. Source: apiserver `plugin/namespace/lifecycle`. */
import { StatusError } from '../../../client/status.ts';
import { forbidden, notFound, resourceName } from '../errors.ts';
import type { Admission, AdmissionRequest, WriteContext } from '../kind.ts';

const NAMESPACES = { group: '', resource: 'namespaces' };
const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

export const namespaceLifecycle: Admission = {
  name: 'NamespaceLifecycle',
  admit(request, context) {
    const { kind, operation, object } = request;
    const name = object.metadata.name ?? '';
    if (operation === 'delete' && kind.group === '' && kind.resource === 'namespaces' && IMMORTAL.has(name)) {
      throw forbidden(NAMESPACES, name, 'this namespace may not be deleted');
    }
    if (kind.namespaced && operation === 'create') refuseUnlessActive(request, context);
    return object;
  },
};

function refuseUnlessActive({ kind, object }: AdmissionRequest, { lookup }: WriteContext): void {
  const { name = '', namespace = '' } = object.metadata;
  const home = lookup.get('namespaces', namespace);
  if (home === undefined) throw notFound(NAMESPACES, namespace);
  if (home.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const causes = [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ];
  const group = kind.group === '' ? {} : { group: kind.group };
  const message = `${resourceName(kind)} ${JSON.stringify(name)} is forbidden: ${why}`;
  throw new StatusError(403, 'Forbidden', message, { name, ...group, kind: kind.resource, causes });
}
