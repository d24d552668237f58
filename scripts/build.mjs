// Builds dist/: one .js per server module (tsc) and the pages (vite).
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

function run(command, ...args) {
  const { status } = spawnSync('npx', [command, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync('dist', { recursive: true, force: true });
run('tsc', '--project', 'tsconfig.json');
run('vite', 'build', '--config', 'src/pages/vite.config.ts', '--logLevel', 'warn');
