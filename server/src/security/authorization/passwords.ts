import { hash, verify } from '@node-rs/argon2';
import { invalid, unavailable } from '../../kernel/index.ts';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. `algorithm` 2 is argon2id (a const enum in the library). */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const longest = 256;
const shortest = 10;

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes the same time whether or not there is a hash to compare with, so that nobody learns which accounts exist. */
  verify(password: string, against: string | undefined): Promise<boolean>;
}

/**
 * At most `concurrent` hashes run at a time (each takes 19 MiB and a core) and `waiting` wait; more are told to come back.
 * @throws unavailable `sign-in-busy`
 */
export async function createPasswordHasher(limits: { concurrent?: number; waiting?: number } = {}): Promise<PasswordHasher> {
  const concurrent = limits.concurrent ?? 2;
  const waiting = limits.waiting ?? 100;
  const queue: (() => void)[] = [];
  let running = 0;
  const decoy = await hash('the password of nobody', parameters);
  const bounded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrent) {
      if (queue.length >= waiting) throw unavailable('sign-in-busy', 'Too many people are signing in; try again in a moment.', { details: { retryAfterMs: 2_000 } });
      await new Promise<void>((resolve) => { queue.push(resolve); });
    }
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      queue.shift()?.();
    }
  };
  return {
    hash: (password) => bounded(() => hash(password, parameters)),
    verify: async (password, against) => {
      const matches = await bounded(() => verify(against ?? decoy, password.slice(0, longest)));
      return matches && against !== undefined;
    },
  };
}

/**
 * Length and guessability, no composition rules. @see NIST SP 800-63B 5.1.1.2
 * @throws invalid `password-weak` with `details.rule`
 */
export function checkPassword(password: string, login: string): void {
  const fault = (rule: string, message: string) => invalid('password-weak', message, { details: { at: 'password', rule } });
  const length = [...password].length;
  if (length < shortest) throw fault('short', `A password has at least ${shortest} characters.`);
  if (password.length > longest) throw fault('long', `A password has at most ${longest} characters.`);
  if (new Set(password).size < 5) throw fault('repetitive', 'A password has at least five different characters.');
  const folded = password.toLowerCase();
  if (login.length > 2 && folded.includes(login.toLowerCase())) throw fault('login', 'A password does not contain the sign-in name.');
  if (/^(password|passwort|motdepasse|contrasena|bedside|qwerty|azerty|123456|abcdef)/.test(folded) && length < 16) throw fault('common', 'That password is among the first that are guessed.');
}
