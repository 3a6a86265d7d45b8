export { ImageSeriesViewer, type ImageSeriesViewerProps } from './ImageSeriesViewer.tsx';
export type { ViewerHandle } from './viewer/handle.ts';
