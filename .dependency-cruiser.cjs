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
const door = '/(?:index|contract|testing)\\.tsx?$';
const source = '\\.tsx?$';

const { readdirSync } = require('node:fs');
const foldersUnder = (folder) => readdirSync(`${__dirname}/${folder}`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory()).flatMap((entry) => [`${folder}/${entry.name}`, ...foldersUnder(`${folder}/${entry.name}`)]);

const serverFolders = foldersUnder('server/src');
const folders = serverFolders.map((folder) => ({
  name: `${folder.slice('server/src/'.length)}-is-entered-through-its-index`,
  comment: "Import the folder's index.ts (or contract.ts): what it does not export is its own business.",
  severity: 'error',
  from: { path: '^(?:server|web|packages|e2e|bench)/', pathNot: `^${folder}/` },
  to: { path: `^${folder}/[^/]+${source}`, pathNot: [door, '^server/src/kernel/errors\\.ts$'] }, // errors alone: media processes load no database driver
}));

/** resource/fhir, security/authorization, ...: what lies deeper is theirs. */
const parts = serverFolders.filter((folder) => folder.split('/').length === 4).map((folder) => ({
  name: `${folder.slice('server/src/'.length)}-is-entered-at-its-top`,
  comment: "A part's inner folders are its own business; ask its index.ts.",
  severity: 'error',
  from: { pathNot: `^${folder}/` },
  to: { path: `^${folder}/[^/]+/.+${source}` },
}));

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
      to: { circular: true },
    },
    ...folders,
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
      to: { path: '^packages/', pathNot: '^packages/[^/]+/(?:src/)?index\\.ts$' },
    },
    {
      name: 'server-and-web-meet-at-the-door-only',
      comment: 'The front end is an ordinary FHIR client of the server: it shares no code with it but packages/.',
      severity: 'error',
      from: { path: '^(server|web)/' },
      to: { path: '^(?:server|web)/', pathNot: '^$1/' },
    },
    {
      name: 'a-web-feature-is-entered-through-its-index',
      severity: 'error',
      from: { path: '^web/src/(application/[^/]+|[^/]+)/' },
      to: { path: '^web/src/[^/]+/.+', pathNot: ['^web/src/$1/', '^web/src/(?:application/)?[^/]+/index\\.tsx?$'] },
    },
    {
      name: 'primitives-know-no-feature',
      severity: 'error',
      from: { path: '^web/src/primitives/' },
      to: { path: '^web/src/(?!primitives/|locale/|i18n/|theme/)[^/]+/' },
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
