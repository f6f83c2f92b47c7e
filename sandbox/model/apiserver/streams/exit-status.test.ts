import { expect, test } from 'vitest';
import { exitStatus, failureStatus, translatedStatus } from './exit-status.ts';

test("a WebSocket client hears the kubelet's own errors as errors of the API server", () => {
  const failed = failureStatus(new Error('error executing command in container: …'));
  expect(failed['message']).toBe('Internal error occurred: error executing command in container: …');
  expect(translatedStatus(failed)).toMatchObject({
    reason: 'InternalError',
    message: 'Internal error occurred: Internal error occurred: error executing command in container: …',
  });
});

test('exit codes and refusals to open the stream stay as they are', () => {
  const refused = { status: 'Failure', message: 'unable to upgrade connection: container not found ("c")' };
  expect(translatedStatus(refused)).toBe(refused);
  expect(translatedStatus(exitStatus(3))).toEqual(exitStatus(3));
  expect(translatedStatus(exitStatus(0))).toEqual(exitStatus(0));
});
