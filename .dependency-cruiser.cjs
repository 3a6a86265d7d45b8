/**
 * The direction of imports (docs: the design's "shape of the house"), checked by `npm run check`.
 * A layer may import those before it, and its own.
 */
const layers = [
  ['kernel', '^server/src/kernel/'],
  ['policy-and-keys', '^server/src/security/(?:policy|keys)/'],
  ['resource', '^server/src/resource/'],
  ['service', '^server/src/service/'],
  ['doors', '^server/src/(?:exchange|media|network)/|^server/src/security/(?!policy/|keys/)'],
  ['application', '^server/src/application/'],
  ['compose', '^server/src/(?:compose|demo)/|^server/src/[^/]+$'],
];

const direction = layers.slice(0, -1).map(([name, path], i) => ({
  name: `${name}-imports-only-what-is-below`,
  comment: `Allowed: ${['packages', ...layers.slice(0, i + 1).map(([n]) => n)].join(' <- ')}. Turn the dependency round: pass it in from compose.`,
  severity: 'error',
  from: { path, pathNot: '\\.test\\.tsx?$' },
  to: { path: layers.slice(i + 1).map(([, p]) => p).join('|') },
}));

/** Files that others may import: the folder's door, a contract that several implement, and what tests need. */
const door = '/(?:index|contract|testing[a-z-]*)\\.tsx?$';
const source = '\\.tsx?$';

const { readdirSync } = require('node:fs');
const foldersIn = (folder) => readdirSync(`${__dirname}/${folder}`, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`);

/** kernel, compose, ... and resource/fhir, security/authorization, ...: how a part is ordered inside is its own business. */
const areas = foldersIn('server/src').filter((area) => !area.endsWith('/compose')); // compose.ts and its folder are one thing
const users = '^(?:server|web|packages|e2e|bench)/';
/** What wires parts together must reach what it wires; main.ts takes the data lock before it loads anything heavy. */
const wiring = '^server/src/(?:compose/|compose\\.ts|main\\.ts)|\\.test\\.ts$'; // and tests look where they must
const parts = [
  ...areas.map((area) => ({
    name: `${area.slice('server/src/'.length)}-is-entered-through-its-index`,
    comment: "Import the folder's index.ts (or contract.ts): what it does not export is its own business.",
    severity: 'error',
    from: { path: users, pathNot: [`^${area}/`, wiring] },
    to: { path: `^${area}/[^/]+${source}`, pathNot: [door, '^server/src/kernel/errors\\.ts$'] }, // errors alone: media processes load no database driver
  })),
  ...areas.filter((area) => !area.endsWith('/demo')).flatMap(foldersIn).map((part) => ({
    name: `${part.slice('server/src/'.length)}-is-entered-through-its-index`,
    comment: "Import the part's index.ts (or contract.ts): what it does not export is its own business.",
    severity: 'error',
    from: { path: users, pathNot: [`^${part}/`, wiring] },
    to: { path: `^${part}/.+${source}`, pathNot: [`^${part}${door}`, `^${part}/[^/]+${door}`, '/fixtures/'] },
  })),
];

/** The files that packages of ours name in their `exports`. */
const packageDoors = foldersIn('packages').flatMap((folder) => Object.values(require(`${__dirname}/${folder}/package.json`).exports ?? {}).map((file) => `^${folder}/${file.replace('./', '').replaceAll('.', '\\.')}$`));

// swc's visitor, which dependency-cruiser walks the syntax tree with, does not know `using` declarations yet: it is taught them here.
const { Visitor } = require('@swc/core/Visitor.js');
const visitStatement = Visitor.prototype.visitStatement;
Visitor.prototype.visitStatement = function visit(statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};

module.exports = {
  forbidden: [
    ...direction,
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing, or there is a third between them.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }, // two files may name each other's types: nothing is loaded in a circle
    },
    ...parts,
    {
      name: 'a-package-knows-nothing-of-bedside',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^(?:server|web|e2e|bench|scripts)/|^packages/', pathNot: '^packages/$1/' },
    },
    {
      name: 'a-package-is-entered-through-its-index',
      severity: 'error',
      from: { path: '^(?:server|web|bench|e2e)/' },
      to: { path: '^packages/', pathNot: packageDoors },
    },
    {
      name: 'server-and-web-meet-at-the-door-only',
      comment: 'The front end is an ordinary FHIR client of the server: it shares no code with it but packages/.',
      severity: 'error',
      from: { path: '^(server|web)/' },
      to: { path: '^(?:server|web)/', pathNot: ['^$1/', '^server/src/media/protocol/index\\.ts$'] }, // the messages of the room's own wire, which both ends must read alike
    },
    {
      name: 'the-rooms-wire-needs-no-server',
      comment: 'media/protocol is loaded by browsers too.',
      severity: 'error',
      from: { path: '^server/src/media/protocol/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^server/src/media/protocol/|^server/src/network/|^server/src/kernel/errors\\.ts$|^packages/|node_modules/typebox' },
    },
    {
      name: 'test-material-is-for-tests',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '\\.test\\.ts$|/testing[^/]*\\.ts$|/fixtures/' },
      to: { path: '/fixtures/|/testing\\.ts$' },
    },
    {
      name: 'a-web-feature-is-entered-through-its-index',
      severity: 'error',
      from: { path: '^web/src/(application/[^/]+|[^/]+)/' },
      to: { path: '^web/src/[^/]+/.+', dependencyTypesNot: ['dynamic-import'], pathNot: ['^web/src/$1/', '^web/src/(?:application/)?[^/]+/index\\.tsx?$'] },
    },
    {
      name: 'primitives-know-no-feature',
      severity: 'error',
      from: { path: '^web/src/primitives/' },
      to: { path: '^web/src/(?!primitives/|format/|fhir/|session/)[^/]+/' },
    },
    {
      name: 'the-product-needs-no-development-package',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '\\.test\\.ts$|/testing\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    parser: 'swc', // TypeScript 7 has no JavaScript interface that dependency-cruiser could use
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/|/node_modules/.+/node_modules/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
