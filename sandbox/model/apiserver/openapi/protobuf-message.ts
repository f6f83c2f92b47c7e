/** Writes JSON values as protobuf messages by a table of field numbers. Only what OpenAPI documents need: text, booleans, messages. */

/** How the value of one JSON key is written. */
export type Writer = (value: unknown) => Uint8Array | undefined;

export interface MessageField {
  readonly number: number;
  readonly write: Writer;
  /** Each element of a JSON array is a field of its own. */
  readonly repeated?: boolean;
}

/** A message type: what its JSON keys are written as. Keys that are missing here are not written. */
export interface MessageType {
  readonly fields: ReadonlyMap<string, MessageField>;
  /** Where keys beginning with `x-` go. */
  readonly extensions?: MessageField;
}

/** The fields of a JSON object in the order of its keys. */
export function encodeMessage(type: MessageType, value: object): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [key, content] of Object.entries(value)) {
    const field = type.fields.get(key);
    if (field) pushField(parts, field, content);
    else if (type.extensions && key.startsWith('x-')) pushField(parts, type.extensions, [[key, content]]);
  }
  return Buffer.concat(parts);
}

function pushField(parts: Uint8Array[], { number, write, repeated }: MessageField, value: unknown): void {
  for (const element of repeated && Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
    const bytes = write(element);
    if (bytes === undefined) continue;
    // Booleans are the only scalars here that are not length-delimited.
    if (typeof element === 'boolean' && write === bool) parts.push(varint(number << 3), bytes);
    else parts.push(delimited(number, bytes));
  }
}

/** A length-delimited field: text, bytes or a message. */
export function delimited(number: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

export const text: Writer = (value) => (typeof value === 'string' ? Buffer.from(value) : undefined);

export const bool: Writer = (value) => (value === true ? Uint8Array.of(1) : undefined);

/** A message whose type is told later, as types refer to each other. */
export function message(type: () => MessageType): Writer {
  return (value) => (typeof value === 'object' && value !== null ? encodeMessage(type(), value) : undefined);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}
