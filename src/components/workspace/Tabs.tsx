/** Tabs by the ARIA pattern: arrows move, Home and End jump. Panels stay mounted once shown, so terminals live on. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Tab } from './store.ts';

export interface TabItem {
  readonly id: Tab;
  readonly title: string;
  /** The name by which F6 and the skip links find the panel. */
  readonly region: 'terminal' | 'tasks' | 'live';
  readonly renderPanel: (visible: boolean) => ComponentChildren;
}

interface Props {
  readonly items: readonly TabItem[];
  readonly chosen: Tab;
  readonly onChoose: (tab: Tab) => void;
  readonly onAdd?: () => void;
}

export function Tabs({ items, chosen, onChoose, onAdd }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = items.findIndex((item) => item.id === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = items[(to + items.length) % items.length];
    if (!next) return;
    onChoose(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <>
      <div class="dd-tabbar">
        <div ref={list} role="tablist" tabIndex={-1} aria-label="Workspace" onKeyDown={onKeyDown}>
          {items.map((item) => (
            <button
              type="button"
              role="tab"
              key={item.id}
              id={`tab-${item.id}`}
              data-tab={item.id}
              aria-selected={item.id === chosen}
              aria-controls={`panel-${item.id}`}
              tabIndex={item.id === chosen ? 0 : -1}
              onClick={() => onChoose(item.id)}
            >
              {item.title}
            </button>
          ))}
        </div>
        {onAdd && (
          <button
            type="button"
            class="dd-add"
            aria-label="New terminal"
            title="New terminal (Ctrl+Shift+`)"
            onClick={onAdd}
          >
            +
          </button>
        )}
      </div>
      {items.map((item) => (
        <div
          key={item.id}
          role="tabpanel"
          id={`panel-${item.id}`}
          class="dd-panel"
          aria-labelledby={`tab-${item.id}`}
          data-region={item.region}
          tabIndex={item.region === 'terminal' ? -1 : 0}
          hidden={item.id !== chosen}
        >
          {item.renderPanel(item.id === chosen)}
        </div>
      ))}
    </>
  );
}
