/** Shell patterns: `*`, `?`, `[…]`. Quoted characters are escaped with a backslash before they come here. */

/** A regular expression for a whole string; `path`: `*` and `?` stop at slashes. */
export function patternToRegExp(pattern: string, path = false): RegExp {
  return new RegExp(`^${patternSource(pattern, path, true)}$`, 's');
}

/** The body of the expression; `greedy` false makes `*` match as little as it can. */
export function patternSource(pattern: string, path: boolean, greedy: boolean): string {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    if (c === '\\') source += escape(pattern[++i] ?? '\\');
    else if (c === '*') source += (path ? '[^/]*' : '.*') + (greedy ? '' : '?');
    else if (c === '?') source += path ? '[^/]' : '.';
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end < 0) source += '\\[';
      else {
        const body = pattern
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replaceAll(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '');
        source += `[${body.replaceAll('\\', '\\\\')}]`;
        i = end;
      }
    } else source += escape(c);
  }
  return source;
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
};

export function hasWildcard(pattern: string): boolean {
  return /(^|[^\\])(\\\\)*([*?]|\[[^\]]+\])/.test(pattern);
}

export function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export function unescape(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gs, '$1');
}
