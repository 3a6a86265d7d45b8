import { useCallback, useEffect, useRef, useState } from 'react';
import { transfer, type RunningTransfer, type Transfer, type UploadedDocument } from './transfer.ts';

export interface UploadTarget {
  readonly endpoint: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly onUploaded: (document: UploadedDocument) => void;
}
export interface Transfers {
  readonly list: readonly Transfer[];
  add(files: Iterable<File>): void;
  pause(key: string): void;
  resume(key: string): void;
  cancel(key: string): void;
}

/** How many files are sent at once; the others wait. */
const atOnce = 2;
const isBusy = (one: Transfer): boolean => one.state === 'sending' || one.state === 'receiving' || one.state === 'interrupted';

/** The files of one place, each on its way or waiting for its turn. */
export function useTransfers(target: UploadTarget): Transfers {
  const [list, setList] = useState<readonly Transfer[]>([]);
  const running = useRef(new Map<string, RunningTransfer>());
  const latest = useRef(target);
  latest.current = target;

  useEffect(() => {
    const free = atOnce - list.filter(isBusy).length;
    for (const one of list.filter((t) => t.state === 'waiting').slice(0, Math.max(0, free))) running.current.get(one.key)?.start();
  }, [list]);
  useEffect(() => {
    const transfers = running.current;
    // Leaving the page is no cancelling: what was sent stays, and the same file goes on from there.
    return () => { for (const one of transfers.values()) one.pause(); };
  }, []);

  const add = useCallback((files: Iterable<File>): void => {
    for (const file of files) {
      const key = crypto.randomUUID();
      const { endpoint, headers, metadata } = latest.current;
      const tell = (change: Partial<Transfer>): void => setList((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)));
      running.current.set(key, transfer(file, {
        endpoint, headers, tell, metadata: { title: file.name, ...metadata },
        done: (reference) => latest.current.onUploaded({ reference, name: file.name, contentType: file.type, size: file.size }),
      }));
      setList((all) => [...all, { key, name: file.name, size: file.size, sent: 0, state: 'waiting' }]);
    }
  }, []);
  return {
    list, add,
    pause: (key) => running.current.get(key)?.pause(),
    resume: (key) => running.current.get(key)?.start(),
    cancel: (key) => {
      running.current.get(key)?.cancel();
      running.current.delete(key);
      setList((all) => all.filter((one) => one.key !== key));
    },
  };
}
