/** An answer in words. Saved while typing, so that nothing is lost by closing the tab. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { systemClock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { answerRequestSchema, type TaskView } from '../../protocol/http.ts';
import { loadSession } from '../workspace/actions.ts';
import { problemOf } from '../workspace/problem.ts';
import { setState } from '../workspace/store.ts';

const PAUSE_MS = 400;
const LONGEST = answerRequestSchema.shape.value.maxLength ?? 4096;

type Saved = 'kept' | 'typing' | 'saving' | 'lost';
const WORDS: Record<Saved, string> = { kept: 'Saved', typing: '…', saving: 'Saving …', lost: 'Not saved yet' };

export function Question({ question }: { readonly question: TaskView['questions'][number] }) {
  const [value, setValue] = useState(question.value);
  const [saved, setSaved] = useState<Saved>('kept');
  const pause = useRef<Disposable>();
  const latest = useRef(value);

  useEffect(() => {
    // Another tab may have answered; a value that is being typed here is not overwritten.
    if (saved === 'kept' && question.value !== latest.current) {
      latest.current = question.value;
      setValue(question.value);
    }
  }, [question.value, saved]);

  const save = async (): Promise<void> => {
    pause.current?.dispose();
    const sent = latest.current;
    setSaved('saving');
    try {
      const session = await loadSession();
      await session.answer(question.id, sent);
      if (latest.current === sent) setSaved('kept');
    } catch (error) {
      setSaved('lost');
      setState({ problem: problemOf(error) });
    }
  };
  const onInput = (next: string): void => {
    latest.current = next;
    setValue(next);
    setSaved('typing');
    pause.current?.dispose();
    pause.current = systemClock.after(PAUSE_MS, () => void save());
  };

  return (
    <p class="dd-question" data-question={question.id}>
      <label for={`answer-${question.id}`}>{question.prompt}</label>
      <span class="dd-answer">
        <input
          id={`answer-${question.id}`}
          type="text"
          value={value}
          maxLength={LONGEST}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
          onBlur={() => {
            if (saved === 'typing' || saved === 'lost') void save();
          }}
        />
        <span class="dd-quiet" aria-live="off">
          {value === '' && saved === 'kept' ? '' : WORDS[saved]}
        </span>
      </span>
    </p>
  );
}
