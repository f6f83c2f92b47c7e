/** Small choices kept in this browser. A browser that forbids storage simply forgets. */

export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(`drydock:${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`drydock:${key}`, value);
  } catch {
    // Storage is full or forbidden; the choice holds until the page is left.
  }
}
