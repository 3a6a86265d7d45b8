import { Awareness } from 'y-protocols/awareness';
import { unavailable } from '../../kernel/index.ts';
import { Board } from './board.ts';
import { boardLimits } from './scene.ts';
import type { BoardStorage } from './storage.ts';

export interface OpenBoard { readonly board: Board; readonly awareness: Awareness }

/** The boards that this process holds. A board that nobody looks at is written down and let go. */
export interface Boards {
  open(id: string): Promise<OpenBoard>;
  /** To be called when a connection has ended. */
  left(id: string): void;
  close(): Promise<void>;
}

const idleMs = 30_000;

/** @throws unavailable `whiteboard-elsewhere` from `open` while another process holds the board */
export function createBoards(storage: BoardStorage, onFault: (error: Error) => void): Boards {
  const opened = new Map<string, Promise<OpenBoard>>();
  const idle = new Map<string, NodeJS.Timeout>();

  const forget = (id: string, awareness: Awareness): void => {
    opened.delete(id);
    awareness.destroy();
  };
  const take = async (id: string): Promise<OpenBoard> => {
    const stored = await storage.take(id);
    if (!stored) throw unavailable('whiteboard-elsewhere', 'Another server process holds this board; try again.', { details: { retryAfterMs: 1_000 } });
    const board = new Board(id, storage, stored);
    const awareness = new Awareness(board.durable);
    awareness.setLocalState(null);
    board.listen({ changed: () => undefined, over: () => forget(id, awareness) });
    return { board, awareness };
  };
  const release = async (id: string): Promise<void> => {
    const found = opened.get(id);
    if (!found) return;
    const { board } = await found;
    if (board.listeners > 1) return;
    opened.delete(id);
    await board.close();
    await storage.release(id);
  };
  storage.onLost = () => {
    for (const found of opened.values()) found.then(({ board }) => board.end(), () => undefined);
  };
  return {
    open: (id) => {
      clearTimeout(idle.get(id));
      idle.delete(id);
      const found = opened.get(id);
      if (found) return found;
      if (opened.size >= boardLimits.mostBoards) throw unavailable('whiteboard-busy', 'Too many boards are open; try again later.', { details: { retryAfterMs: 30_000 } });
      const taking = take(id).catch((error: unknown) => {
        opened.delete(id);
        throw error;
      });
      opened.set(id, taking);
      return taking;
    },
    left: (id) => {
      clearTimeout(idle.get(id));
      const timer = setTimeout(() => { idle.delete(id); release(id).catch(onFault); }, idleMs);
      timer.unref();
      idle.set(id, timer);
    },
    close: async () => {
      for (const timer of idle.values()) clearTimeout(timer);
      for (const [id, found] of opened) {
        const board = await found.then((o) => o.board, () => undefined);
        await board?.close().catch((error: unknown) => onFault(error as Error));
        opened.delete(id);
      }
      await storage.close();
    },
  };
}
