/** Objects as `meta/v1.Table`, which is what `kubectl get` asks for. Source: apiserver `endpoints/handlers/response.go`. */
import type { KubeList, KubeObject, WatchEvent } from '../../../kernel/kube/object.ts';
import type { Core } from './core.ts';
import { badRequest } from './errors.ts';
import type { Column, Kind } from './kind.ts';
import type { ServerRequest, WatchStream } from './request.ts';

export interface TableOptions {
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

/** Undefined when the client did not ask for a Table. Throws 400 for an unknown includeObject. */
export function readTableOptions(request: ServerRequest): TableOptions | undefined {
  const first = (request.header('accept') ?? '').split(',')[0] ?? '';
  if (!/;\s*as=Table\b/.test(first) || !/;\s*v=v1\b/.test(first)) return undefined;
  const include = request.query.get('includeObject') || 'Metadata';
  if (include === 'None' || include === 'Metadata' || include === 'Object') return { includeObject: include };
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(include)}`);
}

/** How the rows of a Table are made. */
type Printer = Pick<Kind, 'columns' | 'row' | 'rowConditions'>;

interface Of<T> {
  readonly table: TableOptions;
  readonly object: T;
}

export function objectTable(core: Core, kind: Printer, { object, table }: Of<KubeObject>): KubeObject {
  return makeTable(kind, [row(core, kind, { object, table })], { resourceVersion: object.metadata.resourceVersion });
}

export function listTable(
  core: Core,
  kind: Kind,
  { list, table }: { list: KubeList; table: TableOptions },
): KubeObject {
  const rows = list.items.map((object) => row(core, kind, { object, table }));
  return makeTable(kind, rows, { ...list.metadata });
}

/** Each event as a Table of one row; only the first one names the columns. */
export async function* watchTable(
  core: Core,
  kind: Kind,
  { events, table }: { events: WatchStream; table: TableOptions },
): WatchStream {
  let first = true;
  for await (const event of events) {
    yield event.type === 'ERROR'
      ? event
      : { type: event.type, object: eventTable(core, kind, { event, table, first }) };
    first = false;
  }
}

function eventTable(
  core: Core,
  kind: Kind,
  { event, table, first }: { event: WatchEvent; table: TableOptions; first: boolean },
): KubeObject {
  const { object } = event;
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  if (event.type === 'BOOKMARK') {
    const bare = { cells: kind.columns.map(() => null), object };
    return { ...makeTable(kind, [bare], metadata), columnDefinitions: first ? kind.columns.map(definition) : null };
  }
  const made = makeTable(kind, [row(core, kind, { object, table })], metadata);
  return first ? made : { ...made, columnDefinitions: null };
}

function makeTable(kind: Printer, rows: readonly object[], metadata: KubeObject['metadata']): KubeObject {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: kind.columns.map(definition),
    rows,
  };
}

function definition(column: Column, index: number): object {
  return {
    name: column.name,
    type: column.type,
    format: index === 0 ? 'name' : '',
    description: '',
    priority: column.wide ? 1 : 0,
  };
}

function row(core: Core, kind: Printer, { object, table }: Of<KubeObject>): object {
  const conditions = kind.rowConditions?.(object) ?? [];
  return {
    cells: kind.row(object, core.clock.now()),
    ...(conditions.length === 0 ? {} : { conditions }),
    object: shown(object, table),
  };
}

function shown(object: KubeObject, { includeObject }: TableOptions): object | null {
  if (includeObject === 'None') return null;
  if (includeObject === 'Object') return object;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
