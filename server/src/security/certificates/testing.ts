import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a foreign program is installed here; a test that needs it is skipped by name when it is not. */
export function hasProgram(name: string, versionFlag = 'version'): boolean {
  try {
    execFileSync(name, [versionFlag], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // A program that ran has an exit status, whatever it is; one that is not there has none.
    return (error as { status?: number | null }).status != null;
  }
}

/** Runs a program; resolves with what it printed and its exit code. */
export async function judge(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ output: string; code: number }> {
  try {
    const { stdout, stderr } = await run(program, args, { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...env }, maxBuffer: 64 << 20 });
    return { output: stdout + stderr, code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout?: string; stderr?: string; code?: number };
    return { output: `${stdout ?? ''}${stderr ?? ''}`, code: typeof code === 'number' ? code : 1 };
  }
}
