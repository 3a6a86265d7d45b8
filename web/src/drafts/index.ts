export { useDraft, type Draft } from './hooks.ts';
export { clearDrafts, createDraftStore, type DraftStore } from './store.ts';
