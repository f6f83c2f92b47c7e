/** Text with `code` in backticks, in pieces: every second one is code. */
export function pieces(text: string): { readonly code: boolean; readonly text: string }[] {
  return text.split('`').map((part, at) => ({ code: at % 2 === 1, text: part }));
}
