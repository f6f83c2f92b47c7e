/** The Status that ends an exec or attach on its error channel. */
import { messageOf } from '../../../../kernel/errors.ts';
import { StatusError } from '../../../client/status.ts';

/** Success for exit code 0, NonZeroExitCode otherwise. kubectl exits with the same code. */
export function exitStatus(code: number): Record<string, unknown> {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/** A StatusError as itself, anything else as upstream's InternalError. */
export function failureStatus(error: unknown): Record<string, unknown> {
  if (error instanceof StatusError) return error.toStatus();
  const message = messageOf(error);
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  }).toStatus();
}

/**
 * A failure as a WebSocket client hears it: the API server speaks SPDY to the kubelet itself and reports what it hears on that stream
 * as an error of its own. Exit codes, and refusals to open the stream, pass unchanged. Source: apiserver
 * `util/proxy/streamtranslator.go`; seen on 1.36.3 with kubectl 1.28 (SPDY) and 1.33 (WebSocket).
 */
export function translatedStatus(status: Record<string, unknown>): Record<string, unknown> {
  const { message } = status;
  const isKubelets = typeof message === 'string' && message.startsWith('Internal error occurred: ');
  return isKubelets ? failureStatus(new Error(message)) : status;
}
