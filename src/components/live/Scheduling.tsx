/** Lesson 06: for each Pod the grid of nodes. Refused ones carry the filter's reason, the others their score per plugin. */
import type { SchedulingView } from '../../protocol/live-view.ts';
import { TextTwin } from './TextTwin.tsx';

type Pod = SchedulingView['pods'][number];
type Node = Pod['nodes'][number];

export function Scheduling({ view }: { readonly view: SchedulingView }) {
  return (
    <>
      {view.pods.length === 0 && <p class="dd-quiet">No Pod is waiting and none was placed lately.</p>}
      {view.pods.map((pod) => (
        <section class="dd-decision" key={`${pod.namespace}/${pod.name}`} aria-label={`Placing ${pod.name}`}>
          <p class="dd-pod-head">
            <strong>{pod.name}</strong> <span class="dd-quiet">{pod.namespace}</span>{' '}
            <span class="dd-tag">{pod.node ? `bound to ${pod.node}` : 'Pending'}</span>
          </p>
          {pod.message && <p class="dd-message">{pod.message}</p>}
          <ul class="dd-nodes" aria-label={`Nodes for ${pod.name}`}>
            {pod.nodes.map((node) => (
              <NodeBox key={node.name} node={node} chosen={node.name === pod.node} />
            ))}
          </ul>
        </section>
      ))}
      <TextTwin
        caption="What the scheduler made of each node"
        head={['Pod', 'Node', 'Filter', 'Score', 'Chosen']}
        rows={view.pods.flatMap((pod) =>
          pod.nodes.map((node) => [
            `${pod.namespace}/${pod.name}`,
            node.name,
            node.refused ? `refused by ${node.refused.plugin}: ${node.refused.reason}` : 'feasible',
            node.scores.map((score) => `${score.plugin} ${round(score.score)} × ${score.weight}`).join(', ') || 'none',
            node.name === pod.node ? `yes${node.total === undefined ? '' : `, total ${round(node.total)}`}` : 'no',
          ]),
        )}
      />
    </>
  );
}

function NodeBox({ node, chosen }: { readonly node: Node; readonly chosen: boolean }) {
  return (
    <li class="dd-node" data-state={chosen ? 'chosen' : node.refused ? 'refused' : 'feasible'}>
      <p>
        <strong>{node.name}</strong>{' '}
        <span class="dd-tag">{chosen ? '✓ chosen' : node.refused ? '✗ refused' : 'feasible'}</span>
      </p>
      {node.refused && (
        <p>
          <strong>{node.refused.plugin}</strong>: {node.refused.reason}
        </p>
      )}
      {node.scores.length > 0 && (
        <ul class="dd-scores" aria-label={`Scores of ${node.name}`}>
          {node.scores.map((score) => (
            <li key={score.plugin}>
              <span>{score.plugin}</span>
              <meter min={0} max={100} value={score.score} aria-label={`${score.plugin} score`} />
              <span>
                {round(score.score)} × {score.weight}
              </span>
            </li>
          ))}
        </ul>
      )}
      {node.total !== undefined && <p class="dd-quiet">total {round(node.total)}</p>}
    </li>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
