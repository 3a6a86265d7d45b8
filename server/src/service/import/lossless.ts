import { invalid } from '../../kernel/index.ts';

/** `JSON.rawJSON` and the reviver's third argument, which the compiler's library does not list yet. @see ECMA-262, JSON.parse source text access */
const json = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
};

export type JsonObject = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Parses JSON so that `JSON.stringify` of any part gives every number as it was written: 1.10 does not become 1.1.
 * @throws invalid `json`, with the engine's position but no text of the file.
 */
export function parseLossless(text: string): unknown {
  try {
    return json.parse(text.replace(/^\uFEFF/, ''), (_key, value, { source }) => (typeof value === 'number' && source !== undefined && String(value) !== source ? json.rawJSON(source) : value));
  } catch (cause) {
    const at = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    throw invalid('json', `It is no JSON${at ? ` (byte ${at})` : ' or cut short'}.`, { cause, details: at ? { at } : {} });
  }
}
