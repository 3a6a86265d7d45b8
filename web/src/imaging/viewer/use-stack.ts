import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { Dicomweb } from '../../dicomweb/index.ts';
import { startCornerstone } from './cornerstone.ts';
import type { SeriesContent } from './series-images.ts';
import { emptyState, StackView, type StackState } from './stack-view.ts';

/** A stack view in an element for as long as there are images to show. */
export function useStack(element: RefObject<HTMLDivElement | null>, dicomweb: Dicomweb, content: SeriesContent | undefined): { view: StackView | undefined; state: StackState; broken: boolean } {
  const [view, setView] = useState<StackView>();
  const [state, setState] = useState<StackState>(emptyState);
  const [broken, setBroken] = useState(false);
  const images = content?.kind === 'images' ? content : undefined;
  const shows = images !== undefined;
  useEffect(() => {
    const place = element.current;
    if (!shows || !place) return undefined;
    let made: StackView | undefined;
    let closed = false;
    const open = async (): Promise<void> => {
      try {
        await startCornerstone(dicomweb.root, dicomweb.getToken);
        if (closed) return;
        made = new StackView(place, setState);
        setView(made);
      } catch {
        if (!closed) setBroken(true);
      }
    };
    void open();
    return () => {
      closed = true;
      made?.close();
      setView(undefined);
      setState(emptyState);
    };
  }, [element, dicomweb, shows]);
  useEffect(() => {
    if (view && images) view.show(images.images, images.bytesEach, 0).catch(() => setBroken(true));
  }, [view, images]);
  return { view, state, broken };
}

/** Plays the stack: the pace of the series when it has one, else ten images a second. */
export function useCine(view: StackView | undefined, count: number, index: number, frameMs: number | undefined): { playing: boolean; toggle: () => void; stop: () => void } {
  const [playing, setPlaying] = useState(false);
  const at = useRef(index);
  at.current = index;
  useEffect(() => {
    if (!playing || !view || count < 2) return undefined;
    const stopping = new AbortController();
    const play = async (): Promise<void> => {
      // The next image waits for the last one: a slow device plays slowly and skips nothing.
      while (!stopping.signal.aborted) {
        await Promise.all([view.goTo((at.current + 1) % count), new Promise((resolve) => { setTimeout(resolve, Math.max(20, frameMs ?? 100)); })]);
      }
    };
    void play();
    return () => stopping.abort();
  }, [playing, view, count, frameMs]);
  return { playing, toggle: useCallback(() => setPlaying((now) => !now), []), stop: useCallback(() => setPlaying(false), []) };
}
