// Checks the room rules, and that the checker looked at every source file at all.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const result = spawnSync(
  'npx',
  ['depcruise', 'src', '--config', 'scripts/architecture.cjs', '--output-type', 'json'],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
if (!result.stdout) {
  console.error(result.stderr);
  process.exit(1);
}
const { modules, summary } = JSON.parse(result.stdout);
const isCode = (name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts');
const looked = modules.filter(({ source }) => source.startsWith('src/') && isCode(source)).length;
const present = readdirSync('src', { recursive: true }).filter(isCode).length;
for (const violation of summary.violations)
  console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}`);
console.log(`rooms: ${looked} of ${present} modules looked at, ${summary.error} violation(s)`);
// With a TypeScript that it cannot parse, dependency-cruiser sees nothing and is content.
process.exit(summary.error > 0 || looked === 0 || looked < present ? 1 : 0);
