/** Whether a node meets a node selector: terms are OR-ed, expressions AND-ed, an empty term matches nothing. Pure. */
import { fromExpression, makeSelector } from '../../kernel/kube/selector.ts';
import type { Node, NodeSelector, NodeSelectorTerm } from './kinds.ts';

export function matchesNodeSelector(selector: NodeSelector, node: Node): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesNodeTerm(term, node));
}

export function matchesNodeTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    makeSelector(matchExpressions.map(fromExpression)).matches(node.metadata.labels) &&
    makeSelector(matchFields.map(fromExpression)).matches({ 'metadata.name': node.metadata.name ?? '' })
  );
}
