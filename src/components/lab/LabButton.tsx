/** Starts a lab from the text, or leads to it when it runs. One lab lives in the workspace at a time. */
import { startLab } from '../workspace/actions.ts';
import { useWorkspace, type LabEntry } from '../workspace/store.ts';

export function LabButton({ lab }: { readonly lab: LabEntry }) {
  const attempt = useWorkspace((state) => state.attempt);
  const busy = useWorkspace((state) => state.busy);
  const here = attempt?.lab === lab.id && attempt.state !== 'ended';
  const open = (): void => void document.dispatchEvent(new CustomEvent('drydock:open-workspace'));
  return (
    <p class="dd-lab-foot">
      {here ? (
        <>
          <button type="button" onClick={open}>
            Show the lab
          </button>
          <span class="dd-quiet">
            Running: {attempt.points} of {attempt.of} points
          </span>
        </>
      ) : (
        <button
          type="button"
          class="dd-primary"
          disabled={busy !== undefined}
          onClick={() => {
            open();
            void startLab(lab.id);
          }}
        >
          Start lab<span class="sr-only">: {lab.title}</span>
        </button>
      )}
    </p>
  );
}
