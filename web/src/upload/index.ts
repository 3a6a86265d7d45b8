export { UploadDrop, type UploadDropProps } from './UploadDrop.tsx';
export { UploadPanel, type UploadPanelProps } from './UploadPanel.tsx';
export type { UploadedDocument } from './transfer.ts';
