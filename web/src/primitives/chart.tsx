import { Box, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { localeTag, useFormat } from '../format/index.ts';

export interface TrendSeries { readonly label: string; readonly values: readonly (number | null)[] }
export interface TrendBand { readonly low?: number | undefined; readonly high?: number | undefined }
const strokes = { light: ['#0b6b74', '#9c36b5', '#c2410c'], dark: ['#6dbcc3', '#e599f7', '#ffa94d'] } as const;

/** Values over time with the reference range as a band. The numbers stand in a table beside it: the picture itself is hidden from screen readers. */
export function TrendChart({ times, series, band, unit, height = 190 }: { times: readonly number[]; series: readonly TrendSeries[]; band?: TrendBand | undefined; unit?: string | undefined; height?: number }) {
  const { ref, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const { language, zone } = useFormat();
  useEffect(() => {
    if (!place.current || width < 50) return undefined;
    const ink = scheme === 'dark' ? '#c6d3da' : '#3d484e';
    const grid = { stroke: scheme === 'dark' ? '#2f3d49' : '#e3eaec', width: 1 };
    const day = new Intl.DateTimeFormat(localeTag(language), spanOf(times) > 40 * 86_400 ? { month: 'short', year: '2-digit', timeZone: zone } : spanOf(times) > 2 * 86_400 ? { day: 'numeric', month: 'short', timeZone: zone } : { hour: '2-digit', minute: '2-digit', timeZone: zone });
    const number = new Intl.NumberFormat(localeTag(language), { maximumFractionDigits: 2 });
    const chart = new uPlot({
      width, height, cursor: { y: false, drag: { x: false, y: false } }, legend: { show: series.length > 1, live: false },
      scales: { x: { time: true, range: (_, low, high) => pad(low, high, 0.04, 43_200) }, y: { range: (_, low, high) => pad(Math.min(low, band?.low ?? low), Math.max(high, band?.high ?? high), 0.12, 1) } },
      axes: [
        { stroke: ink, grid, ticks: grid, font: '12px system-ui', space: 80, size: 30, values: (_, splits) => splits.map((split) => day.format(split * 1000)) },
        { stroke: ink, grid, ticks: grid, font: '12px system-ui', size: 52, values: (_, splits) => splits.map((split) => number.format(split)) },
      ],
      series: [{}, ...series.map((one, index) => ({ label: one.label, stroke: strokes[scheme][index % 3] ?? ink, width: 2.5, spanGaps: true, points: { show: true, size: 7, fill: strokes[scheme][index % 3] ?? ink } }))],
      hooks: { drawClear: [(u) => { if (band) drawBand(u, band, scheme); }] },
    }, [[...times], ...series.map((one) => [...one.values])] as uPlot.AlignedData, place.current);
    return () => chart.destroy();
  }, [times, series, band, width, height, scheme, language, zone, unit]);
  return <Box ref={ref} dir="ltr" aria-hidden="true" mih={height}><div ref={place} /></Box>;
}

const spanOf = (times: readonly number[]): number => (times.at(-1) ?? 0) - (times[0] ?? 0);
const pad = (low: number, high: number, share: number, least: number): [number, number] => {
  const space = Math.max((high - low) * share, high === low ? least : 0);
  return [low - space, high + space];
};

function drawBand(u: uPlot, band: TrendBand, scheme: 'light' | 'dark'): void {
  const { ctx, bbox } = u;
  const top = band.high === undefined ? bbox.top : Math.max(bbox.top, u.valToPos(band.high, 'y', true));
  const bottom = band.low === undefined ? bbox.top + bbox.height : Math.min(bbox.top + bbox.height, u.valToPos(band.low, 'y', true));
  ctx.save();
  ctx.fillStyle = scheme === 'dark' ? 'rgba(109,188,195,.16)' : 'rgba(11,107,116,.10)';
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  ctx.restore();
}
