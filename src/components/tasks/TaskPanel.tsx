/** The lab's text, its tasks with their criteria and questions, and the Check buttons. */
import type { AttemptView, TaskView } from '../../protocol/http.ts';
import { act } from '../workspace/actions.ts';
import { useWorkspace } from '../workspace/store.ts';
import { Criterion } from './Criterion.tsx';
import { Question } from './Question.tsx';
import { Report } from './Report.tsx';

export function TaskPanel({ attempt }: { readonly attempt: AttemptView }) {
  const busy = useWorkspace((state) => state.busy);
  const check = (task?: string): void => void act('Checking', (session) => session.check(task));
  const frozen = attempt.state !== 'ready';
  return (
    <div class="dd-tasks">
      <div class="dd-task-text sl-markdown-content" dangerouslySetInnerHTML={{ __html: attempt.html }} />
      {attempt.tasks.map((task) => (
        <Task key={task.id} task={task} disabled={frozen || busy !== undefined} onCheck={() => check(task.id)} />
      ))}
      {attempt.tasks.length > 0 && (
        <div class="dd-check-all">
          <button
            type="button"
            class="dd-primary"
            disabled={frozen || busy !== undefined}
            onClick={() => check()}
            title="Ctrl+Enter"
          >
            Check all
          </button>
          <span>
            {attempt.points} of {attempt.of} points
          </span>
        </div>
      )}
      {attempt.report && <Report report={attempt.report} />}
    </div>
  );
}

interface TaskProps {
  readonly task: TaskView;
  readonly disabled: boolean;
  readonly onCheck: () => void;
}

function Task({ task, disabled, onCheck }: TaskProps) {
  return (
    <section class="dd-task" data-task={task.id} aria-labelledby={`task-${task.id}`}>
      <div class="dd-task-head">
        <h3 id={`task-${task.id}`}>{task.title}</h3>
        <button type="button" disabled={disabled} onClick={onCheck}>
          Check<span class="sr-only"> task: {task.title}</span>
        </button>
      </div>
      {task.questions.map((question) => (
        <Question key={question.id} question={question} />
      ))}
      <ul class="dd-criteria">
        {task.criteria.map((criterion) => (
          <Criterion key={criterion.id} criterion={criterion} disabled={disabled} />
        ))}
      </ul>
    </section>
  );
}
