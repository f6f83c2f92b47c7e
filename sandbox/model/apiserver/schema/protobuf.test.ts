/** Bodies recorded from kubectl 1.36.3 by `generate/capture-protobuf.ts`, against the JSON that the same kubectl prints. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isRecord } from '../../../../kernel/kube/object.ts';
import { schema, typeOfKind } from './index.ts';
import { TypeMismatch } from './schema.ts';

const fixture = z.object({
  command: z.string(),
  body: z.string(),
  json: z.looseObject({ apiVersion: z.string(), kind: z.string() }),
});
const fixtures = z
  .array(fixture)
  .parse(JSON.parse(readFileSync(new URL('./tables/protobuf-bodies.json', import.meta.url), 'utf8')));

/** Both ways of saying the same are equal once Go has read them. */
function normal(value: { readonly apiVersion: string; readonly kind: string }): unknown {
  const [group, version] = value.apiVersion.includes('/') ? value.apiVersion.split('/') : ['', value.apiVersion];
  const type = typeOfKind(group ?? '', version ?? '', value.kind);
  const { value: decoded, unknown } = schema.decode(type ?? '', value);
  expect(unknown).toEqual([]);
  return withoutNamespace(decoded);
}

/** `--dry-run=client` leaves the namespace out where the command did not name it. */
function withoutNamespace(value: Record<string, unknown>): unknown {
  const { metadata } = value;
  return { ...value, metadata: isRecord(metadata) ? { ...metadata, namespace: undefined } : metadata };
}

describe('decodeProtobuf', () => {
  it.each(fixtures)('reads kubectl $command', ({ body, json }) => {
    expect(normal(schema.decodeProtobuf(Buffer.from(body, 'base64')))).toEqual(normal(json));
  });

  it('keeps a zero behind a pointer', () => {
    const idle = fixtures.find(({ command }) => command.includes('--replicas=0'));
    expect(schema.decodeProtobuf(Buffer.from(idle?.body ?? '', 'base64'))['spec']).toMatchObject({ replicas: 0 });
  });

  it('refuses what is not an envelope', () => {
    expect(() => schema.decodeProtobuf(Buffer.from('{"kind":"Pod"}'))).toThrow('expected prefix [107 56 115 0]');
  });

  it('throws nothing but TypeMismatch on damaged bodies', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtures),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(),
        ({ body }, at, byte, cut) => {
          const bytes = Buffer.from(body, 'base64');
          bytes[4 + (at % (bytes.length - 4))] = byte;
          try {
            schema.decodeProtobuf(bytes.subarray(0, bytes.length - (cut % 3)));
          } catch (error) {
            if (!(error instanceof TypeMismatch)) throw error;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
