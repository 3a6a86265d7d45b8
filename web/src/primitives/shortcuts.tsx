import { createContext, useContext, useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';

/** A key, or two after one another (`g p`), that does something on the screen that shows it. */
export interface Shortcut { readonly keys: string; readonly label: string; readonly run: () => void }
interface Registry { readonly list: readonly Shortcut[]; readonly set: (owner: string, shortcuts: readonly Shortcut[]) => void }
const ShortcutsContext = createContext<Registry>({ list: [], set: () => undefined });

const typing = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const [owned, setOwned] = useState<Readonly<Record<string, readonly Shortcut[]>>>({});
  const list = useMemo(() => Object.values(owned).flat(), [owned]);
  const first = useRef<{ key: string; at: number } | undefined>(undefined);
  const set = useMemo(() => (owner: string, shortcuts: readonly Shortcut[]) => setOwned((now) => {
    const { [owner]: _, ...rest } = now;
    return shortcuts.length > 0 ? { ...rest, [owner]: shortcuts } : rest;
  }), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
      const before = first.current && Date.now() - first.current.at < 1_200 ? `${first.current.key} ` : '';
      const hit = list.find((shortcut) => shortcut.keys === before + event.key) ?? list.find((shortcut) => shortcut.keys === event.key);
      first.current = { key: event.key, at: Date.now() };
      if (!hit) return;
      event.preventDefault();
      hit.run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list]);
  const value = useMemo(() => ({ list, set }), [list, set]);
  return <ShortcutsContext value={value}>{children}</ShortcutsContext>;
}
export const useShortcutList = (): readonly Shortcut[] => useContext(ShortcutsContext).list;

/** Registers shortcuts while the calling component is on the screen. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const { set } = useContext(ShortcutsContext);
  const owner = useId();
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const names = shortcuts.map((shortcut) => `${shortcut.keys}${shortcut.label}`).join('\n');
  useEffect(() => {
    set(owner, latest.current.map((shortcut, index) => ({ ...shortcut, run: () => latest.current[index]?.run() })));
    return () => set(owner, []);
  }, [names, owner, set]);
}
