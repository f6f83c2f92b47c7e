/**
 * The causes of a 422, worded as upstream words them. Source: apimachinery `util/validation/field/errors.go` (wire-spec §10).
 * `field` is a path such as `spec.containers[0].image`.
 */
import type { Invalid } from '../kind.ts';

/** Something must be given. */
export function required(field: string, detail = ''): Invalid {
  return {
    reason: 'FieldValueRequired',
    message: detail === '' ? 'Required value' : `Required value: ${detail}`,
    field,
  };
}

/** The value is not right; `value` is shown as JSON. */
export function invalid(field: string, value: unknown, detail: string): Invalid {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${shown(value)}${detail === '' ? '' : `: ${detail}`}`,
    field,
  };
}

/** The value is none of a closed set, which is listed in upstream's own order: sorted for most sets, not for all. */
export function notSupported(field: string, value: unknown, supported: readonly string[]): Invalid {
  const list = supported.map((item) => JSON.stringify(item)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${shown(value)}: supported values: ${list}`,
    field,
  };
}

export function forbidden(field: string, detail: string): Invalid {
  return { reason: 'FieldValueForbidden', message: detail === '' ? 'Forbidden' : `Forbidden: ${detail}`, field };
}

export function duplicate(field: string, value: unknown): Invalid {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field };
}

/** A text of more than `bytes` bytes. */
export function tooLong(field: string, bytes: number): Invalid {
  return { reason: 'FieldValueTooLong', message: `Too long: may not be more than ${bytes} bytes`, field };
}

export function tooMany(field: string, actual: number, most: number): Invalid {
  return { reason: 'FieldValueTooMany', message: `Too many: ${actual}: must have at most ${most} items`, field };
}

/** The value names something that is not there. */
export function notFound(field: string, value: unknown): Invalid {
  return { reason: 'FieldValueNotFound', message: `Not found: ${shown(value)}`, field };
}

/** The cause, unless the value is one of the supported. */
export function oneOf(field: string, value: unknown, supported: readonly string[]): readonly Invalid[] {
  return typeof value === 'string' && supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

/** The cause, unless the number is at least `least`; an absent number passes. */
export function atLeast(field: string, value: unknown, least = 0): readonly Invalid[] {
  return typeof value === 'number' && value < least
    ? [invalid(field, value, `must be greater than or equal to ${least}`)]
    : [];
}

/** One cause for each message. */
export function invalids(field: string, value: unknown, messages: readonly string[]): readonly Invalid[] {
  return messages.map((message) => invalid(field, value, message));
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
