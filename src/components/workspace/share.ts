/** The workspace's share of the width, in percent, and what keys do to it. */

export const SHARE = { least: 25, most: 75, usual: 52, step: 5 } as const;

export function clampShare(share: number): number {
  return Number.isFinite(share) ? Math.min(SHARE.most, Math.max(SHARE.least, Math.round(share))) : SHARE.usual;
}

/** The share after a key, `collapse` for Enter, undefined for keys that are not the splitter's. */
export function shareAfterKey(key: string, share: number): number | 'collapse' | undefined {
  switch (key) {
    case 'ArrowLeft':
      return clampShare(share + SHARE.step);
    case 'ArrowRight':
      return clampShare(share - SHARE.step);
    case 'Home':
      return SHARE.most;
    case 'End':
      return SHARE.least;
    case 'Enter':
      return 'collapse';
    default:
      return undefined;
  }
}
