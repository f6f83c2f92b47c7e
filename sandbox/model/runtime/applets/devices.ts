/** Device files that tools write to without touching a tree. */

export function redirectable(path: string): boolean {
  return path === '/dev/null' || path === '/dev/stdout' || path === '/dev/stderr' || path === '/dev/tty';
}
