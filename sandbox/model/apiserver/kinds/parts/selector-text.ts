/** Selectors as tables print them. Source: apimachinery `labels.FormatLabels`, `metav1.FormatLabelSelector`. */
import { fields, items, text, textMap, texts } from './reading.ts';

/** `a=b,c=d` in the order of keys; `<none>` when empty. */
export function formatLabels(map: unknown): string {
  const pairs = Object.entries(textMap(map)).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? '<none>' : pairs.map(([key, value]) => `${key}=${value}`).join(',');
}

/** A `metav1.LabelSelector`; `<none>` when it selects everything or is absent. */
export function formatLabelSelector(selector: unknown): string {
  const { matchLabels, matchExpressions } = fields(selector);
  const terms = Object.entries(textMap(matchLabels)).map(([key, value]) => ({ key, words: `${key}=${value}` }));
  for (const expression of items(matchExpressions))
    terms.push({ key: text(expression['key']), words: expressionText(expression) });
  if (terms.length === 0) return '<none>';
  return terms
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ words }) => words)
    .join(',');
}

function expressionText(expression: Readonly<Record<string, unknown>>): string {
  const key = text(expression['key']);
  const values = [...texts(expression['values'])].sort().join(',');
  switch (expression['operator']) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
