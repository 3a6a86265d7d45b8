import { join } from 'node:path';
import pg from 'pg';

/** Looks into the embedded database of a running server, or does to it what time would do. For tests that have no other way. */
export async function withDatabase<T>(server: { readonly data: string }, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: `postgresql://bedside@/bedside?host=${encodeURIComponent(join(server.data, 'postgresql', 'run'))}&port=5432` });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
