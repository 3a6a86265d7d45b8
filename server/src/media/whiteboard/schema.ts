import type { Migration } from '../../kernel/index.ts';

export const whiteboardMigrations: readonly Migration[] = [{
  id: 'whiteboard/0001-boards',
  up: `
    create schema whiteboard;
    create table whiteboard.board (
      id text primary key, created_at timestamptz not null default now(),
      -- The process that holds the board now; the advisory lock it holds decides, this tells people.
      owner_process text, owner_since timestamptz,
      snapshot bytea, snapshot_seq bigint not null default 0);
    create table whiteboard.update (
      seq bigint generated always as identity primary key, board text not null references whiteboard.board on delete cascade,
      bytes bytea not null, participants text[] not null, at timestamptz not null default now());
    create index update_board on whiteboard.update (board, seq);
    -- Which participant writes under which Yjs client id: nobody can write in another's name.
    create table whiteboard.client (
      board text not null references whiteboard.board on delete cascade, client bigint not null, participant text not null, primary key (board, client));`,
}];
