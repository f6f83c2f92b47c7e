/** Makes the quiz forms answer: sends the choice, shows the judgement and the explanation, keeps the form for another try. */
import { pieces } from './inline.ts';

class QuizElement extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('submit', (event) => {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement) void this.#judge(event.target);
    });
  }

  async #judge(form: HTMLFormElement): Promise<void> {
    const lesson = this.dataset['lesson'];
    const question = form.dataset['question'];
    const choice = [...form.querySelectorAll<HTMLInputElement>('input:checked')].map((input) => input.value);
    if (lesson === undefined || question === undefined) return;
    if (choice.length === 0) return say(form, { tone: 'note', words: 'Choose an answer first.' });
    try {
      // The schemas come with the first answer, so that reading stays light.
      const { answerQuiz } = await import('../workspace/api.ts');
      const verdict = await answerQuiz(lesson, question, choice);
      say(form, {
        tone: verdict.correct ? 'right' : 'wrong',
        words: verdict.correct ? '✓ Right.' : '✗ Not quite.',
        more: verdict.explanation,
      });
    } catch (error) {
      const remedy =
        error instanceof Error && 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : undefined;
      say(form, { tone: 'note', words: error instanceof Error ? error.message : String(error), more: remedy });
    }
  }
}

interface Said {
  readonly tone: 'right' | 'wrong' | 'note';
  readonly words: string;
  readonly more?: string;
}

function say(form: HTMLFormElement, said: Said): void {
  const place = form.querySelector<HTMLElement>('.dd-verdict');
  if (!place) return;
  const strong = document.createElement('strong');
  strong.textContent = said.words;
  place.dataset['tone'] = said.tone;
  const more = pieces(said.more ?? '').map((piece) => {
    const part = document.createElement(piece.code ? 'code' : 'span');
    part.textContent = piece.text;
    return part;
  });
  place.replaceChildren(strong, ' ', ...more);
}

customElements.define('dd-quiz', QuizElement);
