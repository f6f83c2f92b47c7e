import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../../../client/status.ts';
import { APPLY_PATCH, JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, applyPatch, patchedInvalid } from './index.ts';
import { schema } from '../schema/index.ts';
import { TypeMismatch } from '../schema/schema.ts';
import { mergePatch } from './merge-patch.ts';

const type = 'io.k8s.api.apps.v1.Deployment';
const live = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'a', image: '1' }] } } },
};
const refusal = (contentType: string, patch: unknown, of: string | undefined = type): [number, string] => {
  try {
    applyPatch({ contentType, type: of, live, patch });
  } catch (error) {
    if (error instanceof StatusError) return [error.code, error.message];
  }
  return [0, 'accepted'];
};

const object = fc.dictionary(fc.string(), fc.jsonValue());

describe('merge patch', () => {
  it('is idempotent, has {} as its unit, and leaves no null of the patch behind', () => {
    fc.assert(
      fc.property(object, object, (value, patch) => {
        const once = mergePatch(value, patch);
        expect(mergePatch(once, patch)).toEqual(once);
        expect(mergePatch(value, {})).toEqual(value);
        for (const [key, item] of Object.entries(patch))
          if (item === null) expect(Object.hasOwn(once, key)).toBe(false);
      }),
    );
  });

  it('follows the examples of RFC 7386', () => {
    expect(mergePatch({ a: 'b', c: { d: 'e', f: 'g' } }, { a: 'z', c: { f: null } })).toEqual({
      a: 'z',
      c: { d: 'e' },
    });
    expect(mergePatch({ a: [{ b: 'c' }] }, { a: [1] })).toEqual({ a: [1] });
    expect(mergePatch({ a: 'foo' }, { a: { bb: { ccc: null } } })).toEqual({ a: { bb: {} } });
  });
});

describe('JSON patch', () => {
  it('applies operations without touching the live object', () => {
    const before = structuredClone(live);
    const patch = [
      { op: 'test', path: '/spec/replicas', value: 1 },
      { op: 'replace', path: '/spec/replicas', value: 3 },
      { op: 'add', path: '/metadata/labels', value: { x: 'y' } },
      { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'b' } },
    ];
    expect(applyPatch({ contentType: JSON_PATCH, type, live, patch })).toMatchObject({
      spec: { replicas: 3, template: { spec: { containers: [{ name: 'a' }, { name: 'b' }] } } },
      metadata: { labels: { x: 'y' } },
    });
    expect(live).toEqual(before);
  });
});

describe('apply patch, simple form', () => {
  it('merges by list keys', () => {
    const patch = { spec: { template: { spec: { containers: [{ name: 'a', image: '2' }, { name: 'b' }] } } } };
    expect(applyPatch({ contentType: APPLY_PATCH, type, live, patch })).toMatchObject({
      spec: { replicas: 1, template: { spec: { containers: [{ name: 'a', image: '2' }, { name: 'b' }] } } },
    });
  });
});

describe('refusals, as 1.36.3 words them', () => {
  const rejected = 'the server rejected our request due to an error in our request';
  it.each([
    [JSON_PATCH, [{ op: 'test', path: '/spec/replicas', value: 5 }], 422, rejected],
    [JSON_PATCH, [{ op: 'replace', path: '/nope/x', value: 5 }], 422, rejected],
    [JSON_PATCH, [{ op: 'remove', path: '/spec/nope' }], 422, rejected],
    [JSON_PATCH, [{ op: 'foo' }], 422, rejected],
    [
      JSON_PATCH,
      { a: 1 },
      400,
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    ],
    [
      JSON_PATCH,
      [1],
      400,
      'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp',
    ],
    [
      MERGE_PATCH,
      [1],
      400,
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [STRATEGIC_PATCH, 'x', 400, 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
    [STRATEGIC_PATCH, { spec: { $retainKeys: 'x' } }, 400, 'invalid patch format of retainKeys'],
    [STRATEGIC_PATCH, { spec: { $patch: 'foo' } }, 500, 'unknown patch type: foo in map: map[$patch:foo]'],
  ])('%s %j', (contentType, patch, code, message) => {
    expect(refusal(contentType, patch)).toEqual([code, message]);
  });

  it('knows no strategic merge without a schema', () => {
    expect(refusal(STRATEGIC_PATCH, {}, '')[0]).toBe(0);
    expect(() => applyPatch({ contentType: STRATEGIC_PATCH, type: undefined, live, patch: {} })).toThrow(
      'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
  });

  it.each([
    [{ spec: { replicas: 'x' } }, 'unrecognized type: int32'],
    [{ spec: { template: { spec: { containers: [{ name: 'a', image: 5 }] } } } }, 'cannot convert int64 to string'],
    [{ spec: { template: { spec: { containers: 'x' } } } }, 'cannot restore slice from string'],
  ])('words a wrong type in a strategic patch like 1.36.3 (%#)', (patch, words) => {
    try {
      schema.decode(type, applyPatch({ contentType: STRATEGIC_PATCH, type, live, patch }));
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof TypeMismatch)) throw error;
      expect(error.inStrategicPatch).toBe(words);
      expect(patchedInvalid({ contentType: STRATEGIC_PATCH, patch, patched: {} }, error).message).toContain(
        `]": ${words}`,
      );
    }
  });

  it('quotes a strategic patch as Go prints it, and others by their outcome', () => {
    const why = 'strict decoding error: unknown field "spec.replicaz"';
    const patch = { spec: { replicaz: 1 } };
    expect(patchedInvalid({ contentType: STRATEGIC_PATCH, patch, patched: {} }, why).message).toBe(
      ` "" is invalid: patch: Invalid value: "map[spec:map[replicaz:1]]": ${why}`,
    );
    expect(patchedInvalid({ contentType: MERGE_PATCH, patch, patched: { a: 1 } }, why).message).toBe(
      ` "" is invalid: patch: Invalid value: "{\\"a\\":1}": ${why}`,
    );
  });
});
