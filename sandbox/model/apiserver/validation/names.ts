/**
 * What names of all sorts must look like. Each function returns the complaints about a value, empty when it is fine.
 * Source: apimachinery `util/validation/validation.go`, texts of 1.36.
 */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = String.raw`${LABEL}(\.${LABEL})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';
const HEADER = '[-A-Za-z0-9]+';
const PERCENT = '[0-9]+%';

/** Compiled once: every label of every write is judged by these. */
const COMPILED = new Map<string, RegExp>();

function fits(pattern: string, value: string): boolean {
  const known = COMPILED.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
  COMPILED.set(pattern, known);
  return known.test(value);
}

function regexText(rule: string, pattern: string, ...examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}'`).join(',  or ');
  return `${rule} (e.g. ${list}, regex used for validation is '${pattern}')`;
}

/** Upstream counts bytes in both, but says so for labels alone. */
function longerThan(value: string, most: number, unit: 'characters' | 'bytes' = 'characters'): readonly string[] {
  return Buffer.byteLength(value) > most ? [`must be no more than ${most} ${unit}`] : [];
}

const LABEL_TEXT = regexText(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
);
const SUBDOMAIN_TEXT = regexText(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
);
const LABEL_1035_TEXT = regexText(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  'my-name',
  'abc-123',
);
const QUALIFIED_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const QUALIFIED_TEXT = regexText(QUALIFIED_RULE, QUALIFIED, 'MyName', 'my.name', '123-abc');
const LABEL_VALUE_TEXT = regexText(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  LABEL_VALUE,
  'MyValue',
  'my_value',
  '12345',
);
const CONFIG_KEY_TEXT = regexText(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  CONFIG_KEY,
  'key.name',
  'KEY_NAME',
  'key-name',
);
const HEADER_TEXT = regexText(
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  HEADER,
  'X-Header-Name',
);
const PERCENT_TEXT = regexText(
  "a valid percent string must be a numeric string followed by an ending '%'",
  PERCENT,
  '1%',
  '93%',
);

export function dnsLabel(value: string): readonly string[] {
  const shape = fits(LABEL, value) ? [] : [fits(SUBDOMAIN, value) ? 'must not contain dots' : LABEL_TEXT];
  return [...longerThan(value, 63), ...shape];
}

export function dnsLabel1035(value: string): readonly string[] {
  return [...longerThan(value, 63), ...(fits(LABEL_1035, value) ? [] : [LABEL_1035_TEXT])];
}

export function dnsSubdomain(value: string): readonly string[] {
  return subdomain(value, 'characters');
}

function subdomain(value: string, unit: 'characters' | 'bytes'): readonly string[] {
  return [...longerThan(value, 253, unit), ...(fits(SUBDOMAIN, value) ? [] : [SUBDOMAIN_TEXT])];
}

/** `[prefix/]name`: keys of labels, annotations, taints, conditions. */
export function qualifiedName(value: string): readonly string[] {
  const parts = value.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${QUALIFIED_TEXT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [prefix, name = ''] = parts.length === 2 ? [parts[0] ?? '', parts[1]] : [undefined, parts[0]];
  const errors: string[] = [];
  if (prefix === '') errors.push('prefix part must be non-empty');
  else if (prefix !== undefined) errors.push(...subdomain(prefix, 'bytes').map((error) => `prefix part ${error}`));
  if (name === '') errors.push('name part must be non-empty');
  else errors.push(...longerThan(name, 63, 'bytes').map((error) => `name part ${error}`));
  if (!fits(QUALIFIED, name)) errors.push(`name part ${QUALIFIED_TEXT}`);
  return errors;
}

export function labelValue(value: string): readonly string[] {
  return [...longerThan(value, 63, 'bytes'), ...(fits(LABEL_VALUE, value) ? [] : [LABEL_VALUE_TEXT])];
}

/** A key of a ConfigMap or Secret: also a file name. */
export function configKey(value: string): readonly string[] {
  const errors = [...longerThan(value, 253)];
  if (!fits(CONFIG_KEY, value)) errors.push(CONFIG_KEY_TEXT);
  else if (value === '.' || value === '..') errors.push(`must not be '${value}'`);
  else if (value.startsWith('..')) errors.push("must not start with '..'");
  return errors;
}

export function httpHeader(value: string): readonly string[] {
  return fits(HEADER, value) ? [] : [HEADER_TEXT];
}

export function percent(value: string): readonly string[] {
  return fits(PERCENT, value) ? [] : [PERCENT_TEXT];
}

export function envName(value: string): readonly string[] {
  return /^[ -<>-~]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** An IANA service name. */
export function portName(value: string): readonly string[] {
  const errors: string[] = [...longerThan(value, 15)];
  if (!/^[-a-z0-9]+$/.test(value))
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  else if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)');
  if (value.includes('--')) errors.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

export function portNumber(value: number): readonly string[] {
  return value >= 1 && value <= 65_535 ? [] : ['must be between 1 and 65535, inclusive'];
}

export function userNumber(value: number): readonly string[] {
  return value >= 0 && value <= 2_147_483_647 ? [] : ['must be between 0 and 2147483647, inclusive'];
}
