import { demandScope } from '../access.ts';
import type { Found } from '../store/read.ts';
import { demandType } from '../store/row.ts';
import { searchset } from './bundle-text.ts';
import type { Searching } from './filter.ts';
import { included } from './include.ts';
import { parseQuery, type SearchQuery } from './query.ts';
import { runSearch, type Page } from './run.ts';

export { limits as searchLimits } from './query.ts';

export interface SearchAnswer { readonly query: SearchQuery; readonly page: Page; readonly added: readonly Found[] }

/** Understands, runs and completes a search; the text of the Bundle is made by `searchText`. */
export async function search(s: Searching, type: string, text: string, lenient = false): Promise<SearchAnswer> {
  demandType(s.store, type);
  demandScope(s.access, type, 'search');
  const known = (name: string) => (s.store.model.resources.includes(name) ? s.store.plan(name) : undefined);
  const query = parseQuery(known, type, text, lenient);
  const page = await runSearch(s, query);
  const added = query.includes.length + query.revincludes.length > 0 ? await included(s, query, page.rows) : [];
  return { query, page, added };
}

export const searchText = (s: Searching, answer: SearchAnswer): string => searchset(s.store.model, s.store.baseUrl(), answer.query, answer.page, answer.added);
