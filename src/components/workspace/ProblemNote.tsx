/** What went wrong on our side and what to do about it. Never looks like a failed task. */
import type { Problem } from '../../protocol/http.ts';

export function ProblemNote({ problem }: { readonly problem: Problem }) {
  return (
    <div class="dd-banner dd-banner-warn" role="alert" data-problem={problem.code}>
      <strong>{problem.message}</strong>
      {problem.remedy && <p>{problem.remedy}</p>}
    </div>
  );
}
