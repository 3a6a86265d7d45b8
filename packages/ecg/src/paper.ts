import { durationSeconds, findLead, standardLeads, type EcgLead, type EcgRecording } from './recording.ts';

export const paperSpeeds = [25, 50] as const;
export const paperGains = [5, 10, 20] as const;
export const paperFormats = ['3x4', '12x1'] as const;
export interface PaperSettings {
  /** mm/s */
  readonly speed: (typeof paperSpeeds)[number];
  /** mm/mV */
  readonly gain: (typeof paperGains)[number];
  /** `3x4`: three rows of four leads, 2.5 s each, with a rhythm row beneath. `12x1`: a row for each lead. */
  readonly format: (typeof paperFormats)[number];
}

/** A stretch of one lead on the paper. Millimetres from the paper's top left corner. */
export interface Strip {
  readonly lead: EcgLead;
  /** Left end of the trace. */
  readonly xMm: number;
  /** Where 0 mV is drawn. */
  readonly baselineMm: number;
  readonly widthMm: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}
export interface Paper { readonly widthMm: number; readonly heightMm: number; readonly strips: readonly Strip[]; readonly rowMm: number; /** Rows that begin with a calibration pulse: where its foot stands. */ readonly pulses: readonly { readonly xMm: number; readonly baselineMm: number }[] }

/** Room on the left for the 1 mV calibration pulse. */
export const pulseMm = 10;
const marginMm = 5;

/** Where each lead goes on millimetre paper. Leads of other names than the standard ones are always given rows of their own. */
export function layoutPaper(recording: EcgRecording, settings: PaperSettings): Paper {
  const total = durationSeconds(recording);
  const rowMm = settings.format === '3x4' ? Math.max(25, settings.gain * 2.5) : Math.max(15, settings.gain * 1.6);
  const complete = standardLeads.every((name) => findLead(recording, name));
  const rows = settings.format === '3x4' && complete ? threeByFour(recording, Math.min(total, 10)) : oneEach(recording, Math.min(total, 10));
  const strips: Strip[] = [];
  const pulses: { xMm: number; baselineMm: number }[] = [];
  let widest = 0;
  for (const [row, cells] of rows.entries()) {
    const baselineMm = marginMm + rowMm * (row + 0.5);
    pulses.push({ xMm: marginMm, baselineMm });
    for (const cell of cells) {
      const xMm = marginMm + pulseMm + cell.atSeconds * settings.speed;
      const widthMm = (cell.toSeconds - cell.fromSeconds) * settings.speed;
      strips.push({ lead: cell.lead, xMm, baselineMm, widthMm, fromSeconds: cell.fromSeconds, toSeconds: cell.toSeconds });
      widest = Math.max(widest, xMm + widthMm);
    }
  }
  return { widthMm: Math.ceil(widest + marginMm), heightMm: Math.ceil(rows.length * rowMm + 2 * marginMm), strips, rowMm, pulses };
}

interface Cell { readonly lead: EcgLead; readonly atSeconds: number; readonly fromSeconds: number; readonly toSeconds: number }

/** All columns are of one stretch of time, so that a beat stands in one line over the rhythm row. */
function threeByFour(recording: EcgRecording, seconds: number): Cell[][] {
  const quarter = seconds / 4;
  const rows = [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => {
    const lead = findLead(recording, standardLeads[column * 3 + row]!)!;
    return { lead, atSeconds: column * quarter, fromSeconds: column * quarter, toSeconds: (column + 1) * quarter };
  }));
  return [...rows, [{ lead: findLead(recording, 'II')!, atSeconds: 0, fromSeconds: 0, toSeconds: seconds }]];
}

const oneEach = (recording: EcgRecording, seconds: number): Cell[][] => {
  const order = (lead: EcgLead): number => { const at = (standardLeads as readonly string[]).indexOf(lead.name); return at < 0 ? 99 : at; };
  return [...recording.leads].sort((a, b) => order(a) - order(b)).slice(0, 24).map((lead) => [{ lead, atSeconds: 0, fromSeconds: 0, toSeconds: seconds }]);
};

/** Two points on the paper, in millimetres. */
export interface CaliperPoints { readonly x1Mm: number; readonly y1Mm: number; readonly x2Mm: number; readonly y2Mm: number }

/** What a caliper reads: time between its legs, voltage between them, and the rate if the legs stand on two beats. */
export function measure(points: CaliperPoints, settings: Pick<PaperSettings, 'speed' | 'gain'>): { readonly ms: number; readonly mV: number; readonly perMinute: number | undefined } {
  const ms = (Math.abs(points.x2Mm - points.x1Mm) / settings.speed) * 1000;
  return { ms, mV: Math.abs(points.y2Mm - points.y1Mm) / settings.gain, perMinute: ms > 0 ? 60_000 / ms : undefined };
}
