/** The texts of `echo` and `printf`. */

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  '\\': '\\',
  '"': '"',
};

function unescapeText(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|(.))/gs,
    (whole, hex?: string, octal?: string, c?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      return ESCAPES[c ?? ''] ?? whole;
    },
  );
}

/** `escapes`: whether `\n` and the like are read without `-e`, as dash does. */
export function echoText(args: readonly string[], escapes = false): string {
  let from = 0;
  let newline = true;
  let interpret = escapes;
  for (; /^-[neE]+$/.test(args[from] ?? ''); from++) {
    const flags = args[from] ?? '';
    if (flags.includes('n')) newline = false;
    if (flags.includes('e')) interpret = true;
    if (flags.includes('E')) interpret = false;
  }
  const text = args.slice(from).join(' ');
  return (interpret ? unescapeText(text) : text) + (newline ? '\n' : '');
}

const DIRECTIVE = /(%%|%[-0+ ]*(?:\d+|\*)?(?:\.\d+)?[sdiuxXcob])/;
const FIELDS = /^%([-0+ ]*)(\d+|\*)?(?:\.(\d+))?([sdiuxXcob])$/;

export function printfText(args: readonly string[]): string {
  const [format = '', ...values] = args;
  const plain = unescapeText(format);
  let out = '';
  let used = 0;
  do {
    const before = used;
    for (const piece of plain.split(DIRECTIVE)) {
      const found = FIELDS.exec(piece);
      if (piece === '%%') out += '%';
      else if (!found) out += piece;
      else {
        const [, flags = '', width = '0', precision, kind = 's'] = found;
        const size = Number(width === '*' ? (values[used++] ?? 0) : width);
        out += pad(convert(kind, values[used++] ?? '', precision), flags, size);
      }
    }
    if (used === before) break;
  } while (used < values.length);
  return out;
}

function convert(kind: string, value: string, precision: string | undefined): string {
  const number = value.startsWith("'") ? value.charCodeAt(1) : Math.trunc(Number(value)) || 0;
  switch (kind) {
    case 's':
      return precision === undefined ? value : value.slice(0, Number(precision));
    case 'b':
      return unescapeText(value);
    case 'c':
      return value.slice(0, 1);
    case 'x':
      return number.toString(16);
    case 'X':
      return number.toString(16).toUpperCase();
    case 'o':
      return number.toString(8);
    default:
      return String(number);
  }
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0')) return text.padStart(width);
  return text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');
}
