import { useTranslation } from 'react-i18next';
import { numberOf, text } from '../../dicomweb/index.ts';
import type { SeriesImage } from './series-images.ts';
import type { StackState } from './stack-view.ts';
import styles from './Viewer.module.css';

/** Whose image it is, which one, and how it is shown. Text over the picture, never in it. */
export function Overlay({ state, image, count, identity }: { state: StackState; image: SeriesImage | undefined; count: number; identity: boolean }) {
  const { t, i18n } = useTranslation('imaging');
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const m = image?.metadata;
  const thickness = m && numberOf(m, '00180050');
  return (
    <>
      {m && identity && (
        <div className={`${styles.overlay} ${styles.topStart}`}>
          <div><bdi>{text(m, '00100010') ?? t('patient.unnamed')}</bdi></div>
          <div><bdi>{text(m, '00100020')}</bdi></div>
          <div><bdi>{dateText(text(m, '00100030'), i18n.language)}</bdi></div>
        </div>
      )}
      {m && (
        <div className={`${styles.overlay} ${styles.topEnd}`}>
          <div><bdi>{text(m, '00081030')}</bdi></div>
          <div><bdi>{dateText(text(m, '00080020'), i18n.language)}</bdi></div>
        </div>
      )}
      <div className={`${styles.overlay} ${styles.bottomStart}`} data-testid="window">
        {state.windowWidth !== undefined && <div>{t('window.values', { width: number.format(state.windowWidth), center: number.format(state.windowCenter ?? 0) })}</div>}
        <div>{t('zoom.value', { percent: number.format(Math.round(state.zoom * 100)) })}</div>
      </div>
      <div className={`${styles.overlay} ${styles.bottomEnd}`}>
        <div>{t('image.of', { index: number.format(state.index + 1), count })}</div>
        {thickness !== undefined && <div>{t('thickness', { mm: number.format(thickness) })}</div>}
      </div>
      {state.sides.left && <div className={`${styles.side} ${styles.sideLeft}`} aria-hidden>{state.sides.left}</div>}
      {state.sides.top && <div className={`${styles.side} ${styles.sideTop}`} aria-hidden>{state.sides.top}</div>}
    </>
  );
}

function dateText(date: string | undefined, language: string): string {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(date ?? '');
  if (!parts) return '';
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${parts[1]}-${parts[2]}-${parts[3]}`));
}
