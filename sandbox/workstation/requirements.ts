/** The programs that a comfortable workstation has, and the Debian packages they come in. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Requirement {
  readonly program: string;
  readonly debianPackage: string;
  /** Without it there is no isolated terminal at all; the others only make it comfortable. */
  readonly essential: boolean;
}

const REQUIREMENTS: readonly (Requirement & { readonly anyOf: readonly string[] })[] = [
  { program: 'bwrap', debianPackage: 'bubblewrap', essential: true, anyOf: ['bwrap'] },
  { program: 'nsenter', debianPackage: 'util-linux', essential: true, anyOf: ['nsenter'] },
  {
    program: 'bash-completion',
    debianPackage: 'bash-completion',
    essential: false,
    anyOf: ['/usr/share/bash-completion/bash_completion'],
  },
  { program: 'jq', debianPackage: 'jq', essential: false, anyOf: ['jq'] },
  { program: 'nano', debianPackage: 'nano', essential: false, anyOf: ['nano'] },
  { program: 'vi', debianPackage: 'vim-tiny', essential: false, anyOf: ['vi', 'vim', 'vim.tiny'] },
];

/** What this machine lacks, in the order in which it should be installed. */
export function missingPrograms(path = process.env.PATH ?? ''): readonly Requirement[] {
  return REQUIREMENTS.filter(({ anyOf }) => !anyOf.some((name) => findProgram(name, path) !== undefined)).map(
    ({ program, debianPackage, essential }) => ({ program, debianPackage, essential }),
  );
}

/** The absolute path of an executable, as a shell would find it. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | undefined {
  const candidates = name.startsWith('/')
    ? [name]
    : path.split(delimiter).map((directory) => join(directory || '.', name));
  const mode = name.startsWith('/') ? constants.R_OK : constants.X_OK;
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, mode);
      return true;
    } catch {
      return false;
    }
  });
}
