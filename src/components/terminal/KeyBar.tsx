/** Keys that touch keyboards lack. Shown by the style sheet on coarse pointers only. */
const KEYS = [
  { label: 'Esc', text: '\u001b' },
  { label: 'Tab', text: '\t' },
  { label: 'Ctrl+C', text: '\u0003' },
  { label: 'Ctrl+D', text: '\u0004' },
  { label: '↑', text: '\u001b[A', name: 'Arrow up' },
  { label: '↓', text: '\u001b[B', name: 'Arrow down' },
  { label: '←', text: '\u001b[D', name: 'Arrow left' },
  { label: '→', text: '\u001b[C', name: 'Arrow right' },
] as const;

export function KeyBar({ onKey }: { readonly onKey: (text: string) => void }) {
  return (
    <div class="dd-keybar" role="group" aria-label="Keys">
      {KEYS.map((key) => (
        <button
          type="button"
          key={key.label}
          aria-label={'name' in key ? key.name : undefined}
          onClick={() => onKey(key.text)}
        >
          {key.label}
        </button>
      ))}
    </div>
  );
}
