import { useEffect, useMemo, useRef, useState } from 'react';
import { useAccount } from '../session/index.ts';
import { createDraftStore } from './store.ts';

export interface Draft<T> {
  readonly value: T;
  readonly set: (value: T) => void;
  /** True while what is shown was written here and not yet saved on the server. */
  readonly unsaved: boolean;
  /** Call after the server acknowledged; `next` is what the server has now. */
  readonly saved: (next?: T) => void;
  /** Throws the local draft away. */
  readonly discard: () => void;
}

/** State of a form that survives a reload, a dead battery or a lost link on this device until the server has it. */
export function useDraft<T>(key: string, initial: T): Draft<T> {
  const account = useAccount();
  const store = useMemo(() => createDraftStore(account.id, localStorage), [account.id]);
  const [state, setState] = useState<{ key: string; value: T; unsaved: boolean }>(() => load());
  const start = useRef(initial);

  function load(): { key: string; value: T; unsaved: boolean } {
    const kept = store.read(key) as T | undefined;
    return kept === undefined ? { key, value: initial, unsaved: false } : { key, value: kept, unsaved: true };
  }
  // The server's version may arrive or change later; it replaces what is shown unless something was written here.
  useEffect(() => {
    start.current = initial;
    setState((now) => (now.key !== key ? load() : now.unsaved ? now : { key, value: initial, unsaved: false }));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `load` reads only what is listed
  }, [key, initial, store]);

  useEffect(() => {
    if (!state.unsaved) return undefined;
    const timer = setTimeout(() => store.write(state.key, state.value), 300);
    return () => clearTimeout(timer);
  }, [state, store]);

  return {
    value: state.value, unsaved: state.unsaved,
    set: (value) => setState({ key, value, unsaved: true }),
    saved: (next) => { store.remove(key); setState((now) => ({ key, value: next ?? now.value, unsaved: false })); },
    discard: () => { store.remove(key); setState({ key, value: start.current, unsaved: false }); },
  };
}
