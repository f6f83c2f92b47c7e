/** The live view of the running lab, drawn by the component of the same name, each with a table that says the same. */
import { unreachable } from '../../../kernel/errors.ts';
import type { LiveView } from '../../protocol/live-view.ts';
import { useWorkspace } from '../workspace/store.ts';
import { Pods } from './Pods.tsx';
import { Scheduling } from './Scheduling.tsx';
import { Services } from './Services.tsx';

export function LiveViewPanel() {
  const live = useWorkspace((state) => state.live);
  const running = useWorkspace((state) => state.attempt?.state === 'ready');
  if (!live) {
    return (
      <p class="dd-quiet dd-live-empty">
        {running
          ? 'Waiting for the first picture of your cluster …'
          : 'Start a lab, and this view draws your cluster as it changes.'}
      </p>
    );
  }
  return <div class="dd-live">{draw(live)}</div>;
}

function draw(live: LiveView) {
  switch (live.view) {
    case 'pods':
      return <Pods view={live} />;
    case 'scheduling':
      return <Scheduling view={live} />;
    case 'services':
      return <Services view={live} />;
    default:
      return unreachable(live);
  }
}
