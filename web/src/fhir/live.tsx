import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useFhir } from './context.tsx';
import { keepLive, type LiveState } from './live-socket.ts';
import { invalidateTypes } from './queries.ts';

const LiveContext = createContext<LiveState>('off');

/** Whether changes arrive by themselves; queries that matter poll while they don't. */
export const useLive = (): { readonly state: LiveState; readonly pollMs: number | false } => {
  const state = useContext(LiveContext);
  return useMemo(() => ({ state, pollMs: state === 'live' ? false : 20_000 }), [state]);
};

/** Keeps one subscription for the whole front end and refreshes what its notices speak of. */
export function LiveProvider({ enabled, children }: { enabled: boolean; children: ReactNode }) {
  const client = useFhir();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('off');
  const waiting = useRef(new Set<string>());
  useEffect(() => {
    if (!enabled) return undefined;
    const collected = waiting.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      timer = undefined;
      const types = [...collected];
      collected.clear();
      void (types.includes('*') ? queries.invalidateQueries({ predicate: (query) => query.queryKey[0] === 'fhir' }) : invalidateTypes(queries, types));
    };
    const stop = keepLive({
      client, onState: setState,
      // One transaction of the server writes many resources: their notices are gathered for a moment.
      onChange: (types) => { for (const type of types) collected.add(type); timer ??= setTimeout(flush, 150); },
    });
    return () => { clearTimeout(timer); stop(); };
  }, [client, queries, enabled]);
  return <LiveContext value={state}>{children}</LiveContext>;
}
