import { Box, Button, Group, SegmentedControl, Select, Stack, Switch, Text } from '@mantine/core';
import { IconPrinter, IconRuler2 } from '@tabler/icons-react';
import { detectRPeaks, durationSeconds, heartRate, layoutPaper, measure, paperGains, paperSpeeds, rhythmLead, withDerivedLeads, type CaliperPoints, type EcgRecording, type PaperSettings } from '@bedside/ecg';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Caliper } from './Caliper.tsx';
import { drawPaper } from './draw.ts';
import { printPaper } from './print.ts';

export interface EcgStripProps {
  readonly recording: EcgRecording;
  /** Named on the print-out: e.g. patient and date. */
  readonly title?: string;
}

/** CSS pixels of one true millimetre, as far as the screen keeps to 96 dpi. */
const cssPxPerMm = 96 / 25.4;
const leastPxPerMm = 2.6;
/** Browsers refuse canvases beyond this. */
const maxCanvasPx = 8_192;

/** An electrocardiogram on millimetre paper, with calibration pulses and calipers. Works by mouse, touch and keyboard. */
export function EcgStrip({ recording: given, title }: EcgStripProps) {
  const { t, i18n } = useTranslation('ecg');
  const recording = useMemo(() => withDerivedLeads(given), [given]);
  const [settings, setSettings] = useState<PaperSettings>({ speed: 25, gain: 10, format: '3x4' });
  const [realSize, setRealSize] = useState(false);
  const [points, setPoints] = useState<CaliperPoints>();
  const [widthPx, setWidthPx] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const paper = useMemo(() => layoutPaper(recording, settings), [recording, settings]);
  const rate = useMemo(() => {
    const lead = rhythmLead(recording);
    return lead && heartRate(detectRPeaks(lead.samplesUv, recording.samplingHz), recording.samplingHz);
  }, [recording]);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(() => setWidthPx(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  const pxPerMm = realSize ? cssPxPerMm : Math.max(leastPxPerMm, widthPx / paper.widthMm);
  const footer = t('footer', { speed: settings.speed, gain: settings.gain, hz: Math.round(recording.samplingHz) });
  useEffect(() => {
    const sheet = canvas.current;
    const context = sheet?.getContext('2d');
    if (!sheet || !context || widthPx === 0) return;
    const scale = Math.min(pxPerMm * Math.min(2, devicePixelRatio || 1), maxCanvasPx / Math.max(paper.widthMm, paper.heightMm));
    sheet.width = Math.round(paper.widthMm * scale);
    sheet.height = Math.round(paper.heightMm * scale);
    drawPaper(context, { paper, settings, samplingHz: recording.samplingHz, pxPerMm: scale, footer });
  }, [paper, settings, recording, pxPerMm, widthPx, footer]);

  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const leads = new Intl.ListFormat(i18n.language).format(recording.leads.map((lead) => lead.name));
  const about = t('about', { leads, seconds: number.format(durationSeconds(recording)), hz: number.format(recording.samplingHz) });
  const rateText = rate === undefined ? t('rate.none') : t('rate.value', { rate: number.format(Math.round(rate)) });
  const change = (part: Partial<PaperSettings>): void => { setSettings({ ...settings, ...part }); setPoints(undefined); };
  const reading = points && measure(points, settings);
  const start = { x1Mm: paper.widthMm * 0.3, y1Mm: paper.heightMm * 0.3, x2Mm: paper.widthMm * 0.3 + settings.speed, y2Mm: paper.heightMm * 0.3 + settings.gain };
  return (
    <Stack gap="xs" component="figure" m={0} aria-label={title ?? t('title')}>
      <Group gap="xs" align="end" className="no-print">
        <Select label={t('speed')} size="sm" w={126} allowDeselect={false} value={String(settings.speed)} data={paperSpeeds.map((v) => ({ value: String(v), label: t('speed.value', { value: v }) }))} onChange={(v) => change({ speed: Number(v) as PaperSettings['speed'] })} />
        <Select label={t('gain')} size="sm" w={146} allowDeselect={false} value={String(settings.gain)} data={paperGains.map((v) => ({ value: String(v), label: t('gain.value', { value: v }) }))} onChange={(v) => change({ gain: Number(v) as PaperSettings['gain'] })} />
        <SegmentedControl aria-label={t('format')} size="sm" value={settings.format} data={[{ value: '3x4', label: t('format.3x4') }, { value: '12x1', label: t('format.12x1') }]} onChange={(v) => change({ format: v as PaperSettings['format'] })} />
        <Button size="sm" variant={points ? 'filled' : 'default'} aria-pressed={points !== undefined} leftSection={<IconRuler2 size={18} aria-hidden />} onClick={() => setPoints(points ? undefined : start)}>{t('caliper')}</Button>
        <Button size="sm" variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => printPaper({ recording, settings, paper, footer, title: title ?? t('title'), caption: `${about} ${rateText}` })}>{t('print')}</Button>
        <Switch label={t('real-size')} checked={realSize} onChange={(event) => setRealSize(event.currentTarget.checked)} />
      </Group>
      <Group justify="space-between" gap="xs">
        <Text fw={600} data-testid="ecg-rate">{rateText}</Text>
        <Text aria-live="polite" data-testid="ecg-caliper" fw={600}>{reading ? t('caliper.full', { ms: number.format(Math.round(reading.ms)), mv: reading.mV.toFixed(2), rate: reading.perMinute === undefined ? '–' : number.format(Math.round(reading.perMinute)) }) : ''}</Text>
      </Group>
      <Box ref={place} dir="ltr" role="region" tabIndex={0} aria-label={t('paper')} style={{ overflow: 'auto', border: '1px solid var(--bedside-line, #d5e0e3)', borderRadius: 8, maxHeight: '75dvh' }}>
        <Box pos="relative" w={paper.widthMm * pxPerMm} h={paper.heightMm * pxPerMm}>
          <canvas ref={canvas} role="img" aria-label={`${about} ${rateText}`} style={{ width: '100%', height: '100%', display: 'block' }} />
          {points && <Caliper paper={paper} settings={settings} points={points} onChange={setPoints} />}
        </Box>
      </Box>
      <Text component="figcaption" size="sm" c="dimmed">{about} {t('no-diagnosis')} {realSize && t('real-size.note')}</Text>
    </Stack>
  );
}
