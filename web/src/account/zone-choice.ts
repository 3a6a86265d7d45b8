import { useSyncExternalStore } from 'react';
import { isZone } from '../format/index.ts';
import { useSessionState } from '../session/index.ts';

const KEY = 'bedside.zone';
const CHANGED = 'bedside-zone-changed';

export function chooseZone(zone: string | undefined): void {
  if (zone) localStorage.setItem(KEY, zone);
  else localStorage.removeItem(KEY);
  dispatchEvent(new Event(CHANGED));
}
const subscribe = (listener: () => void): (() => void) => {
  addEventListener(CHANGED, listener);
  addEventListener('storage', listener);
  return () => { removeEventListener(CHANGED, listener); removeEventListener('storage', listener); };
};

/** Zone chosen on this device, else the account's, else undefined: the device's own. */
export function useZoneChoice(): string | undefined {
  const state = useSessionState();
  const chosen = useSyncExternalStore(subscribe, () => localStorage.getItem(KEY) ?? undefined);
  const wanted = chosen ?? (state.status === 'signed-in' ? state.account.zone : undefined);
  return wanted && isZone(wanted) ? wanted : undefined;
}
