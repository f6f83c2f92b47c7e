import { describe, expect, it } from 'vitest';
import { readResponses } from './prober.ts';

describe('readResponses', () => {
  it('splits at the nonce, and keeps what a server says about nonces out of it', () => {
    const out =
      'page\nof two lines\nN1 0\nwget: server returned error: HTTP/1.1 503 Service Unavailable\nN1 1\nwget: download timed out\nN1 1\nN1 end\n';
    expect(readResponses(out, 'N1', 3)).toEqual([
      { status: 200, body: 'page\nof two lines', error: '' },
      { status: 503, body: '', error: '' },
      { status: 0, body: '', error: 'download timed out' },
    ]);
  });
  it('knows that a round ends after three failures', () => {
    expect(readResponses('N1 1\nN1 1\nN1 1\nN1 end\n', 'N1', 60)).toHaveLength(3);
  });
  it('does not take a cut for an answer', () => {
    expect(() => readResponses('page\nN1 0\n', 'N1', 2)).toThrow('1 of 2');
  });
});
