/** A live view inside the text: a sentence until a lab runs, then the drawing. */
import { lazy, Suspense } from 'preact/compat';
import { useWorkspace } from '../workspace/store.ts';

const Panel = lazy(() => import('./LiveViewPanel.tsx').then((module) => module.LiveViewPanel));

export function LiveInText({ invitation }: { readonly invitation: string }) {
  const live = useWorkspace((state) => state.live);
  if (!live) return <p class="dd-quiet">{invitation}</p>;
  return (
    <Suspense fallback={<p class="dd-quiet">Drawing …</p>}>
      <Panel />
    </Suspense>
  );
}
