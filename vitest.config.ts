import { defineConfig } from 'vitest/config';

const suite = (name: string, include: string[], exclude: string[] = []) => ({
  test: { name, include, exclude: ['node_modules/**', ...exclude], testTimeout: 20_000, hookTimeout: 60_000 },
});

/** Suites are chosen with `--project`; `npm test` runs them one after another and prints the time of each. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      suite('unit', ['{kernel,sandbox,grader,src}/**/*.test.ts'], ['**/*.conformance.test.ts']),
      suite('conformance', ['sandbox/**/*.conformance.test.ts']),
      suite('e2e', ['e2e/**/*.e2e.ts']),
    ],
  },
});
