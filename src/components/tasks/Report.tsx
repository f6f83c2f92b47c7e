/** The last grade report in one paragraph. */
import type { AttemptView } from '../../protocol/http.ts';

const OUTCOMES = {
  pass: 'Passed',
  fail: 'Not passed yet',
  ungraded: 'Not graded: something on our side kept us from looking',
} as const;

export function Report({ report }: { readonly report: NonNullable<AttemptView['report']> }) {
  const when = new Date(report.at);
  return (
    <section class="dd-report" data-outcome={report.outcome} aria-label="Last report">
      <h3>{OUTCOMES[report.outcome]}</h3>
      <p>
        {report.points} of {report.of} points at <time dateTime={report.at}>{when.toLocaleTimeString()}</time>. The
        report is kept; check as often as you like.
      </p>
    </section>
  );
}
