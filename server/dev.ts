import { spawn } from 'node:child_process';

/**
 * `npm run dev`: the server, started again when a file of it changes, and Vite for the page. The page is at Vite's
 * address; it asks the server for everything else.
 */
const children = [
  spawn(process.execPath, ['--watch-path=server', '--watch-path=tiles', '--watch-preserve-output', 'server/main.ts'], {
    stdio: 'inherit',
  }),
  spawn(process.execPath, ['node_modules/vite/bin/vite.js'], { stdio: 'inherit' }),
];
const end = () => {
  for (const child of children) child.kill('SIGTERM');
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
for (const child of children) child.on('exit', end);
