/** The Chromium that the browser tests and measurements use. */
import { findProgram } from '../../sandbox/workstation/requirements.ts';

/** The one named by `CHROMIUM`, or one of the machine's; undefined leaves the choice to playwright's own download. */
export function findBrowser(): string | undefined {
  return process.env['CHROMIUM'] ?? findProgram('chromium') ?? findProgram('google-chrome');
}
