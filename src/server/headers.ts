/** Security headers of every answer. */

const FIXED: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** `scripts`: hashes of the page's inline scripts; absent for answers that are no page and may run nothing. */
export function securityHeaders(host: string, scripts?: readonly string[]): Record<string, string> {
  return {
    ...FIXED,
    'content-security-policy': scripts ? pagePolicy(host, scripts) : "default-src 'none'; frame-ancestors 'none'",
  };
}

function pagePolicy(host: string, scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    // Search runs as WebAssembly; this permits no eval of JavaScript.
    `script-src ${["'self'", "'wasm-unsafe-eval'", ...scripts].join(' ')}`,
    // Starlight's code blocks and xterm set styles from script; styles cannot run code.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self' ws://${host}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
