import { parentPort } from 'node:worker_threads';
import { BedsideError } from '../../../kernel/index.ts';
import { renderForm } from './form.ts';
import { renderReport } from './report.ts';
import { renderSummary } from './summary.ts';
import { openFontFiles } from './text/index.ts';
import type { RenderAnswer, RenderTask } from './renderer.ts';

const fonts = openFontFiles();

parentPort?.on('message', (task: RenderTask) => {
  void answer(task).then((message) => parentPort?.postMessage(message, 'bytes' in message ? [message.bytes.buffer as ArrayBuffer] : []));
});

async function answer(task: RenderTask): Promise<RenderAnswer> {
  try {
    const rendered = task.kind === 'report' ? await renderReport(task.document, fonts)
      : task.kind === 'summary' ? await renderSummary(task.document, fonts)
        : await renderForm(task.document, fonts, task.createdAt);
    const chunks: Buffer[] = [];
    for await (const chunk of rendered.stream) chunks.push(chunk as Buffer);
    return { bytes: Uint8Array.from(Buffer.concat(chunks)), pages: rendered.pages, signatureBoxes: rendered.signatureBoxes };
  } catch (error) {
    if (error instanceof BedsideError) return { error: { kind: error.kind, code: error.code, message: error.message, at: error.details.at } };
    // The text of an unexpected error may quote the document; its stack names only our files.
    return { error: { kind: 'internal', code: 'document-render', message: 'The document could not be written.', at: undefined, stack: error instanceof Error ? error.stack?.split('\n').slice(1, 6).join('\n') : undefined } };
  }
}
