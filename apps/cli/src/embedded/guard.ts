import { spawn, type ChildProcess } from 'node:child_process';

/** A line on its input lets the guard go; the end of its input means that the launcher is dead. */
const SCRIPT = `
read -r _ && exit 0
kill -s "$2" "$1" 2>/dev/null
left=10
while [ "$left" -gt 0 ] && kill -0 "$1" 2>/dev/null; do sleep 1; left=$((left - 1)); done
kill -s "$3" "$1" 2>/dev/null`;

/**
 * Ends `child` when this process dies without having stopped it, even by SIGKILL.
 *
 * Children live in their own process groups so that Ctrl-C does not end them all at once and in no order; the price
 * is that nobody ends them when the launcher is killed. A shell at the far end of a pipe does: it costs 1 MB.
 */
export function guard(child: ChildProcess, gentle: NodeJS.Signals, hard: NodeJS.Signals): void {
  const names = [gentle, hard].map((signal) => signal.replace('SIG', ''));
  const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'laurel-guard', `${child.pid}`, ...names], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  watcher.unref();
  // The guard may already be gone (killed by hand); then there is nothing to let go.
  watcher.stdin.on('error', () => undefined);
  child.once('exit', () => watcher.stdin.end('done\n'));
}
