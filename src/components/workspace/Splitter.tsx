/** The bar between text and workspace: drag, arrows (5 %), Home and End, Enter to collapse, double-click to reset. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { recall, remember } from '../page/remembered.ts';
import { clampShare, SHARE, shareAfterKey } from './share.ts';

export function Splitter({ onCollapse }: { readonly onCollapse: () => void }) {
  const bar = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState<number>(SHARE.usual);

  useEffect(() => {
    const kept = recall('workspace-share');
    if (kept !== undefined) apply(clampShare(Number(kept)));
  }, []);

  const apply = (next: number): void => {
    setShare(next);
    document.documentElement.style.setProperty('--dd-share', `${next}%`);
    remember('workspace-share', String(next));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = shareAfterKey(event.key, share);
    if (next === undefined) return;
    event.preventDefault();
    if (next === 'collapse') onCollapse();
    else apply(next);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const frame = bar.current?.closest('.dd-frame')?.getBoundingClientRect();
    if (!frame || !bar.current?.hasPointerCapture(event.pointerId)) return;
    apply(clampShare(((frame.right - event.clientX) / frame.width) * 100));
  };

  return (
    <div
      ref={bar}
      class="dd-splitter"
      role="separator"
      tabIndex={0}
      aria-label="Width of the workspace"
      aria-orientation="vertical"
      aria-controls="dd-workspace"
      aria-valuemin={SHARE.least}
      aria-valuemax={SHARE.most}
      aria-valuenow={share}
      title="Drag, or use the arrow keys. Enter closes the workspace, double-click resets the width."
      onKeyDown={onKeyDown}
      onDblClick={() => apply(SHARE.usual)}
      onPointerDown={(event) => bar.current?.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  );
}
