import type { EcgRecording, Paper, PaperSettings } from '@bedside/ecg';
import { drawPaper } from './draw.ts';

interface Sheet { readonly recording: EcgRecording; readonly settings: PaperSettings; readonly paper: Paper; readonly footer: string; readonly title: string; readonly caption: string }

/** 200 dpi: fine lines stay lines. */
const printPxPerMm = 8;

/** Prints the paper alone, at its true size on landscape sheets, from a frame of its own. */
export function printPaper({ recording, settings, paper, footer, title, caption }: Sheet): void {
  const canvas = document.createElement('canvas');
  canvas.width = paper.widthMm * printPxPerMm;
  canvas.height = paper.heightMm * printPxPerMm;
  const context = canvas.getContext('2d');
  if (!context) return;
  drawPaper(context, { paper, settings, samplingHz: recording.samplingHz, pxPerMm: printPxPerMm, footer });
  const frame = document.createElement('iframe');
  frame.setAttribute('aria-hidden', 'true');
  Object.assign(frame.style, { position: 'fixed', width: '0', height: '0', border: '0' });
  document.body.append(frame);
  const inner = frame.contentDocument!;
  inner.title = title;
  const style = inner.createElement('style');
  style.textContent = '@page { size: A4 landscape; margin: 8mm } body { margin: 0; font: 11pt system-ui, sans-serif } p { margin: 0 0 2mm }';
  const heading = inner.createElement('p');
  heading.textContent = title;
  const text = inner.createElement('p');
  text.textContent = caption;
  const image = inner.createElement('img');
  Object.assign(image.style, { width: `${paper.widthMm}mm`, height: `${paper.heightMm}mm`, display: 'block' });
  image.addEventListener('load', () => {
    frame.contentWindow?.addEventListener('afterprint', () => frame.remove());
    frame.contentWindow?.print();
  });
  image.src = canvas.toDataURL('image/png');
  inner.head.append(style);
  inner.body.append(heading, text, image);
}
