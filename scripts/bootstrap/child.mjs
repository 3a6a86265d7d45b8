import { spawn } from 'node:child_process';

/**
 * Runs a program to its end.
 * @returns its exit code (128 + signal number when killed) and, with `quiet`, the last 64 KiB of what it wrote.
 */
export function runToEnd(file, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => { output = (output + text).slice(-65_536); });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? 128 + (signal === 'SIGKILL' ? 9 : 15), signal, output }));
  });
}

/**
 * Runs the server (or a tool) in a process group of its own until it ends, handing on what we are told by signals: once for
 * each Ctrl-C, although the terminal and npm both report it. A child that does not end within `graceMs` is killed with all it started.
 */
export function runForwarding(file, args, { graceMs = 30_000, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true, ...options });
    const killGroup = () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* nobody is left in the group */ } };
    let lastMs = 0;
    let asked = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        const nowMs = Date.now();
        if (nowMs - lastMs < 500) return;
        lastMs = nowMs;
        asked += 1;
        if (asked >= 3) killGroup();
        else child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal); // a closed terminal ends it in order, too
        if (asked === 1) setTimeout(killGroup, graceMs).unref();
      });
    }
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      killGroup();
      resolve({ code: code ?? (asked > 0 ? 130 : 1), signal, asked: asked > 0 });
    });
  });
}
