/** What a screen around the viewer can ask of it. */
export interface ViewerHandle {
  /** The image as it is shown, with measurements and without names: for reports and whiteboards. PNG. Rejects when nothing is shown. */
  captureViewport(): Promise<Blob>;
}
