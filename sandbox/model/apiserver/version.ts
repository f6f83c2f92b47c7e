/** The Kubernetes version that the model speaks, in one place. */

export interface VersionFields {
  readonly major: string;
  readonly minor: string;
  readonly emulationMajor: string;
  readonly emulationMinor: string;
  readonly minCompatibilityMajor: string;
  readonly minCompatibilityMinor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
}

export const KUBERNETES_VERSION = 'v1.36.3';

/** As `/version` answers. The commit and the build are none of upstream's, and say so. */
export const version: VersionFields = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: KUBERNETES_VERSION,
  gitCommit: 'drydock-model-cluster',
  gitTreeState: 'clean',
  buildDate: '2026-07-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'drydock',
  platform: 'linux/amd64',
};
