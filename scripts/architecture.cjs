/** Which room of src/ may import which. Anything not listed is an error. */
const MAY_IMPORT = {
  domain: [],
  config: ['domain'],
  platform: ['domain'],
  vault: ['domain', 'platform'],
  inference: ['domain'],
  dialogue: ['domain'],
  desk: ['domain'],
  feedback: ['domain'],
  trust: ['domain'],
  watch: ['domain'],
  sync: ['domain'],
  http: ['domain', 'dialogue', 'desk', 'feedback', 'trust', 'watch', 'sync'],
  pages: ['domain'],
  hq: ['domain', 'config', 'platform', 'vault', 'inference', 'dialogue'],
};

/** The rooms that may import each of these packages. */
const ONLY_IN = {
  'onnxruntime-node': ['inference'],
  '@xenova/transformers': ['inference'],
  lowdb: ['vault'],
  hono: ['http', 'hq'],
  '@hono/node-server': ['http', 'hq'],
  'node-forge': ['platform'],
  systeminformation: ['platform'],
  preact: ['pages'],
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/pages/|-worker\\.ts$' },
      to: {},
    },
    ...Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
      name: `${room}-imports-only-[${allowed}]`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
    })),
    {
      name: 'domain-has-no-io',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    ...Object.entries(ONLY_IN).map(([pkg, rooms]) => ({
      name: `${pkg}-only-in-${rooms}`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${rooms.join('|')})/` },
      to: { path: `(^|/)node_modules/${pkg}/|^${pkg}(/|$)` },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
