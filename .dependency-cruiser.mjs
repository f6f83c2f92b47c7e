/** The arrows of ARCHITECTURE.md: the only imports allowed. A machine checks them (`npm run check`). */
const forbid = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
});
const TESTS = '\\.test\\.ts$';

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^kernel/', pathNot: TESTS },
      to: { pathNot: '^kernel/' },
    },
    forbid('sandbox-knows-no-lab', '^sandbox/', '^(grader|src|labs|content)/'),
    {
      name: 'grader-sees-only-the-contract',
      severity: 'error',
      from: { path: '^grader/', pathNot: TESTS },
      to: { path: '^(sandbox/(?!contract\\.ts|spec\\.ts)|src/)' },
    },
    forbid('drivers-never-meet', '^sandbox/model/', '^sandbox/kind/'),
    {
      name: 'shared-parts-know-no-driver',
      severity: 'error',
      from: { path: '^sandbox/(client|terminal|workstation|conformance)/' },
      to: { path: '^sandbox/(model|kind)/' },
    },
    {
      name: 'components-use-the-api-only',
      severity: 'error',
      comment: 'a component talks to the API server only through the API',
      from: { path: '^sandbox/model/(controllers|scheduler|kubelet|runtime|proxy|dns|cni|node)/', pathNot: TESTS },
      to: { path: '^sandbox/model/(etcd|apiserver)/' },
    },
    {
      name: 'one-door-to-node-pty',
      severity: 'error',
      from: { pathNot: '^sandbox/terminal/pty\\.ts$' },
      to: { path: 'node_modules/node-pty' },
    },
    {
      name: 'only-main-and-cli-name-a-driver',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(server/main|cli/)|\\.test\\.ts$' },
      to: { path: '^sandbox/(model|kind)/' },
    },
    forbid('storage-is-below', '^src/storage/', '^src/(attempt|exam|cohort|server|pages|components|cli)/'),
    forbid('attempt-is-below-the-server', '^src/attempt/', '^src/(server|pages|components|cli)/'),
    {
      name: 'browser-takes-types-and-protocol',
      severity: 'error',
      from: { path: '^src/(components|pages|layouts)/', pathNot: TESTS },
      to: {
        path: '^(grader|sandbox|src/(server|attempt|storage|cli))/',
        pathNot: '^sandbox/terminal/csi-guard\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'no-workplace', severity: 'error', from: {}, to: { path: 'shared/' } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|dist|\\.cache|\\.astro)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
