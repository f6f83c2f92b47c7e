/** Where no shell can run: why, and what to type. Nobody meets a terminal that just fails. */
import type { AttemptView } from '../../protocol/http.ts';

export function NoShell({ shell }: { readonly shell: Extract<AttemptView['shell'], { kind: 'none' }> }) {
  return (
    <div class="dd-banner dd-banner-warn" data-shell="none">
      <p>
        <strong>No terminal can be opened here.</strong> {shell.reason}
      </p>
      <p>{shell.remedy}</p>
      <p>The tasks, the live view and the text work without it.</p>
    </div>
  );
}
