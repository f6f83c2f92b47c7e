/** Kubernetes' Status answer as an error: thrown by the API server, carried over any transport, caught by clients. */

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** `meta/v1.Status` with status Failure. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails;
  readonly #told: boolean;

  /** `details` is written as `{}` when given empty and left out when absent, as upstream does. */
  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details ?? {};
    this.#told = details !== undefined;
  }

  /** The wire form. */
  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.#told ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && error.reason === 'NotFound';
}

export function isConflict(error: unknown): boolean {
  return error instanceof StatusError && (error.reason === 'Conflict' || error.reason === 'AlreadyExists');
}
