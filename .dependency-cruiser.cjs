// The floors of CONVENTIONS.md: imports go down only.

const TESTS = '(\\.spec|\\.e2e-spec|\\.support)\\.ts$|^test/|^apps/[^/]+/test/';

/** A forbidden import; tests live under their own rules. */
const never = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { ...from, pathNot: [TESTS, from.pathNot ?? []].flat() },
  to,
});

/** What each pure library may import: these libraries of ours, and these packages. */
const PURE = {
  contracts: { libs: [], packages: ['zod'] },
  calendar: { libs: [], packages: ['temporal-polyfill'] },
  expression: { libs: [], packages: ['@marcbachmann/cel-js'] },
  bounces: { libs: [], packages: ['htmlparser2', 'iconv-lite', 'libmime'] },
  feeds: { libs: [], packages: ['htmlparser2', 'iconv-lite'] },
  workflow: { libs: ['calendar', 'contracts', 'expression'], packages: ['yaml', 'zod'] },
  scoring: { libs: ['calendar', 'contracts', 'expression'], packages: ['zod'] },
  programme: { libs: ['contracts', 'scoring', 'workflow'], packages: ['htmlparser2', 'zod'] },
};

const pure = Object.entries(PURE).map(([name, { libs, packages }]) =>
  never(
    `${name}-is-pure`,
    `libs/${name} is data in, data out: nothing of Node, of Nest or of upper floors. A package it may use is listed here.`,
    { path: `^libs/${name}/` },
    {
      pathNot: [
        `^libs/${name}/`,
        ...libs.map((lib) => `^libs/${lib}/src/index\\.ts$`),
        ...packages.map((pkg) => `^(node_modules/)?${pkg}(/|$)`),
      ],
    },
  ),
);

/** The plumbing rests on the contracts; messaging rests on platform, never the other way round. */
const PLUMBING = { platform: ['contracts'], messaging: ['contracts', 'platform'] };

const plumbing = Object.entries(PLUMBING).map(([name, libs]) =>
  never(
    `${name}-has-no-business-words`,
    `libs/${name} imports of ours only ${libs.join(' and ')}.`,
    { path: `^libs/${name}/` },
    { path: '^(libs|apps|test)/', pathNot: [`^libs/${name}/`, ...libs.map((lib) => `^libs/${lib}/`)] },
  ),
);

module.exports = {
  forbidden: [
    never(
      'library-without-a-floor',
      'A new library is given its floor in PURE or PLUMBING above.',
      { path: '^libs/', pathNot: `^libs/(${[...Object.keys(PURE), ...Object.keys(PLUMBING)].join('|')})/` },
      {},
    ),
    ...pure,
    ...plumbing,
    never(
      'apps-never-meet',
      'An app imports no other app: they talk over the wire, and apps/cli starts services as processes.',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    {
      name: 'app-tests-stay-home',
      comment:
        "An app's own tests import no other app's source either; the launcher of the test machinery is reached through test/support.",
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-stand-below-apps',
      comment: 'A library knows no app.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'front-door-only',
      comment: "A library is entered through its index.ts: import from '#libs/name'.",
      severity: 'error',
      from: { path: '^(?:libs/([^/]+)|apps|test)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$1/'] },
    },
    never(
      'no-tests-in-source',
      'What ships imports no spec, no support and nothing of test/.',
      { path: '^(apps|libs)/' },
      { path: TESTS },
    ),
    {
      name: 'specs-are-leaves',
      comment: 'Nobody imports a spec: what two specs share is a *.support.ts.',
      severity: 'error',
      from: {},
      to: { path: '(\\.spec|\\.e2e-spec)\\.ts$' },
    },
    {
      name: 'unit-specs-do-no-io',
      comment: '*.spec.ts beside a pure library needs no server; one that does is a *.db.spec.ts.',
      severity: 'error',
      from: { path: '^libs/.*\\.spec\\.ts$', pathNot: '\\.db\\.spec\\.ts$' },
      to: { path: '^test/support/' },
    },
    {
      name: 'no-circular',
      comment: 'A circle has no floor. Circles of types only are none.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is dead.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '\\.mjs$', '\\.spec\\.ts$', '/main\\.ts$'] },
      to: {},
    },
    {
      name: 'not-resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'tools-stay-home',
      comment: 'What ships imports no devDependency (types excepted).',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/src/', pathNot: TESTS },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The embedded programs look for built parts by name; what is built is not ours to check.
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
