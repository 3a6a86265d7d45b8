/** Words for the person at the terminal. */
export const root = new URL('../../', import.meta.url).pathname;

/** One plain line of progress. */
export const say = (line) => { process.stdout.write(`${line}\n`); };

/** An error that is shown as its text alone, without a stack trace. */
export class Trouble extends Error {}

/** Ends the program with what went wrong and what to do. */
export function giveUp(error) {
  process.stderr.write(error instanceof Trouble ? `\n${error.message}\n` : `\n${error?.stack ?? error}\n`);
  process.exit(1);
}

/** Runs `work`, and says every 15 s that it still goes on, so that nobody thinks it hangs. */
export async function patiently(what, work) {
  const began = Date.now();
  say(`${what} …`);
  const timer = setInterval(() => say(`  still at it (${Math.round((Date.now() - began) / 1000)} s)`), 15_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
