/** POSIX regular expressions as JavaScript's. */

/** POSIX basic expressions: groups and repetition need a backslash there and have none here. */
function basicToExtended(pattern: string): string {
  return pattern.replaceAll(
    /\\([(){}|+?])|([(){}|+?])/g,
    (_, escaped?: string, plain?: string) => escaped ?? `\\${plain}`,
  );
}

/** Throws SyntaxError for what is no expression. */
export function toRegExp(
  pattern: string,
  { extended, fixed = false, flags }: { extended: boolean; fixed?: boolean; flags: string },
): RegExp {
  const text = fixed
    ? pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    : extended
      ? pattern
      : basicToExtended(pattern);
  const classes: Readonly<Record<string, string>> = {
    alpha: 'A-Za-z',
    digit: '0-9',
    alnum: 'A-Za-z0-9',
    space: '\\s',
    upper: 'A-Z',
    lower: 'a-z',
  };
  return new RegExp(
    text.replaceAll(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? ''),
    flags,
  );
}
