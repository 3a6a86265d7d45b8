import { measure, type CaliperPoints, type Paper, type PaperSettings } from '@bedside/ecg';
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';

interface CaliperProps { readonly paper: Paper; readonly settings: PaperSettings; readonly points: CaliperPoints; readonly onChange: (points: CaliperPoints) => void }

/** Two legs over the paper. Drag either, drag on the paper for new ones, or move them with the arrow keys (Shift: finer). */
export function Caliper({ paper, settings, points, onChange }: CaliperProps) {
  const { t } = useTranslation('ecg');
  const plane = useRef<SVGSVGElement>(null);
  const dragged = useRef<1 | 2 | undefined>(undefined);
  const at = (event: PointerEvent): [number, number] => {
    const box = plane.current!.getBoundingClientRect();
    const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));
    return [clamp(((event.clientX - box.left) / box.width) * paper.widthMm, paper.widthMm), clamp(((event.clientY - box.top) / box.height) * paper.heightMm, paper.heightMm)];
  };
  const put = (leg: 1 | 2, x: number, y: number): void => onChange(leg === 1 ? { ...points, x1Mm: x, y1Mm: y } : { ...points, x2Mm: x, y2Mm: y });
  const down = (event: PointerEvent<SVGSVGElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const [x, y] = at(event);
    const near = (px: number, py: number): boolean => Math.hypot(px - x, py - y) < 6;
    dragged.current = near(points.x2Mm, points.y2Mm) ? 2 : near(points.x1Mm, points.y1Mm) ? 1 : undefined;
    if (dragged.current) return;
    dragged.current = 2;
    onChange({ x1Mm: x, y1Mm: y, x2Mm: x, y2Mm: y });
  };
  const key = (leg: 1 | 2) => (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 0.2 : 1;
    const by = ({ ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] } as Record<string, [number, number]>)[event.key];
    if (!by) return;
    event.preventDefault();
    const [x, y] = leg === 1 ? [points.x1Mm, points.y1Mm] : [points.x2Mm, points.y2Mm];
    put(leg, Math.max(0, Math.min(paper.widthMm, x + by[0])), Math.max(0, Math.min(paper.heightMm, y + by[1])));
  };
  const { ms, mV } = measure(points, settings);
  const legs = [[1, points.x1Mm, points.y1Mm], [2, points.x2Mm, points.y2Mm]] as const;
  return (
    <svg ref={plane} viewBox={`0 0 ${paper.widthMm} ${paper.heightMm}`} style={{ position: 'absolute', inset: 0, width: '100%', height: '100%', touchAction: 'none', cursor: 'crosshair' }}
      onPointerDown={down} onPointerMove={(event) => { if (dragged.current) put(dragged.current, ...at(event)); }} onPointerUp={() => { dragged.current = undefined; }} onPointerCancel={() => { dragged.current = undefined; }}>
      <rect x={Math.min(points.x1Mm, points.x2Mm)} y={Math.min(points.y1Mm, points.y2Mm)} width={Math.abs(points.x2Mm - points.x1Mm)} height={Math.abs(points.y2Mm - points.y1Mm)} fill="#0b6b7422" />
      {legs.map(([leg, x, y]) => (
        <g key={leg}>
          <line x1={x} x2={x} y1={0} y2={paper.heightMm} stroke="#07505c" strokeWidth={0.4} />
          <line x1={Math.max(0, x - 12)} x2={Math.min(paper.widthMm, x + 12)} y1={y} y2={y} stroke="#07505c" strokeWidth={0.4} />
          <circle cx={x} cy={y} r={2.6} fill="#0b6b74" fillOpacity={0.55} stroke="#fff" strokeWidth={0.5} role="slider" tabIndex={0}
            aria-label={t(`caliper.leg${leg}`)} aria-valuemin={0} aria-valuemax={Math.round((paper.widthMm / settings.speed) * 1000)} aria-valuenow={Math.round((x / settings.speed) * 1000)} aria-valuetext={t('caliper.reading', { ms: Math.round(ms), mv: mV.toFixed(2) })} onKeyDown={key(leg)} />
        </g>
      ))}
    </svg>
  );
}
