import { pulseMm, type Paper, type PaperSettings } from '@bedside/ecg';

export interface DrawOptions { readonly paper: Paper; readonly settings: PaperSettings; readonly samplingHz: number; readonly pxPerMm: number; readonly footer: string }

const colours = { paper: '#fffafa', fine: '#f6d5d5', coarse: '#e8a3a3', trace: '#101418', text: '#101418' } as const;

/** Draws the paper, its traces and calibration pulses. One millimetre is `pxPerMm` device pixels. */
export function drawPaper(context: CanvasRenderingContext2D, options: DrawOptions): void {
  const { paper, pxPerMm } = options;
  context.save();
  context.scale(pxPerMm, pxPerMm);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, paper.widthMm, paper.heightMm);
  grid(context, paper, 1, colours.fine, Math.max(0.05, 0.6 / pxPerMm));
  grid(context, paper, 5, colours.coarse, Math.max(0.1, 1 / pxPerMm));
  context.lineJoin = 'round';
  context.strokeStyle = colours.trace;
  context.fillStyle = colours.text;
  context.font = '600 3.4px system-ui, sans-serif';
  context.direction = 'ltr';
  context.textAlign = 'left';
  for (const pulse of paper.pulses) drawPulse(context, pulse.xMm, pulse.baselineMm, options.settings);
  for (const strip of paper.strips) {
    context.fillText(strip.lead.name, strip.xMm + 1, strip.baselineMm - paper.rowMm / 2 + 4.5);
    drawTrace(context, options, strip);
  }
  context.font = '2.8px system-ui, sans-serif';
  context.fillText(options.footer, 5, paper.heightMm - 1.5);
  context.restore();
}

function grid(context: CanvasRenderingContext2D, paper: Paper, stepMm: number, colour: string, lineMm: number): void {
  context.beginPath();
  for (let x = 0; x <= paper.widthMm; x += stepMm) { context.moveTo(x, 0); context.lineTo(x, paper.heightMm); }
  for (let y = 0; y <= paper.heightMm; y += stepMm) { context.moveTo(0, y); context.lineTo(paper.widthMm, y); }
  context.strokeStyle = colour;
  context.lineWidth = lineMm;
  context.stroke();
}

/** One millivolt for 200 ms (5 mm at 25 mm/s). */
function drawPulse(context: CanvasRenderingContext2D, x: number, baseline: number, settings: PaperSettings): void {
  const width = Math.min(pulseMm - 4, 0.2 * settings.speed);
  context.lineWidth = 0.3;
  context.beginPath();
  context.moveTo(x, baseline);
  context.lineTo(x + 1, baseline);
  context.lineTo(x + 1, baseline - settings.gain);
  context.lineTo(x + 1 + width, baseline - settings.gain);
  context.lineTo(x + 1 + width, baseline);
  context.lineTo(x + 2 + width, baseline);
  context.stroke();
}

/** NaN leaves a gap; what leaves the row is cut off there, so that a lead never runs over its neighbour. */
function drawTrace(context: CanvasRenderingContext2D, { paper, settings, samplingHz }: DrawOptions, strip: Paper['strips'][number]): void {
  const from = Math.floor(strip.fromSeconds * samplingHz);
  const to = Math.min(strip.lead.samplesUv.length - 1, Math.ceil(strip.toSeconds * samplingHz));
  const high = paper.rowMm * 0.75;
  context.lineWidth = 0.3;
  context.beginPath();
  let pen = false;
  for (let n = from; n <= to; n += 1) {
    const uv = strip.lead.samplesUv[n]!;
    if (Number.isNaN(uv)) { pen = false; continue; }
    const x = strip.xMm + (n / samplingHz - strip.fromSeconds) * settings.speed;
    if (x > strip.xMm + strip.widthMm) break;
    const y = strip.baselineMm - Math.max(-high, Math.min(high, (uv / 1000) * settings.gain));
    if (pen) context.lineTo(x, y);
    else context.moveTo(x, y);
    pen = true;
  }
  context.stroke();
}
