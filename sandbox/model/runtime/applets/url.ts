/** Web addresses as wget and curl read them. */

export interface WebAddress {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Path with query. */
  readonly target: string;
  /** As a Host header names it. */
  readonly authority: string;
}

/** Undefined when it is none. */
export function parseWebAddress(text: string): WebAddress | undefined {
  const match = /^(?:(https?):\/\/)?(?:[^/@]*@)?([^/:?#]+)(?::(\d+))?([/?][^#]*)?(?:#.*)?$/i.exec(text);
  const host = match?.[2];
  if (!match || host === undefined) return undefined;
  const secure = match[1]?.toLowerCase() === 'https';
  const target = match[4] ?? '/';
  const port = Number(match[3] ?? (secure ? 443 : 80));
  return {
    secure,
    host,
    port,
    target: target.startsWith('/') ? target : `/${target}`,
    authority: match[3] === undefined ? host : `${host}:${match[3]}`,
  };
}
