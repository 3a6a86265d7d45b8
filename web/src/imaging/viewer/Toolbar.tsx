import { Menu, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconArrowsMove, IconArrowsVertical, IconContrast, IconContrastOff, IconEraser, IconPlayerPause, IconPlayerPlay, IconRefresh, IconRotateClockwise, IconRuler2, IconSun, IconZoomIn } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { windowPresets, type WindowPreset } from './series-images.ts';
import { dragTools, type DragTool } from './stack-view.ts';
import styles from './Viewer.module.css';

type Icon = ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>;
const icons: Readonly<Record<DragTool, Icon>> = { scroll: IconArrowsVertical, window: IconSun, zoom: IconZoomIn, pan: IconArrowsMove, length: IconRuler2 };

export interface ToolbarProps {
  readonly tool: DragTool;
  readonly onTool: (tool: DragTool) => void;
  readonly playing: boolean;
  readonly canPlay: boolean;
  readonly inverted: boolean;
  readonly hasMeasurements: boolean;
  /** Hounsfield windows make sense for CT only. */
  readonly presets: boolean;
  readonly onPreset: (preset: WindowPreset | 'original') => void;
  readonly onInvert: () => void;
  readonly onRotate: () => void;
  readonly onPlay: () => void;
  readonly onReset: () => void;
  readonly onClear: () => void;
}

/** What one can do with the image. Every button is at least 44 px and says what it does. */
export function Toolbar(props: ToolbarProps) {
  const { t } = useTranslation('imaging');
  return (
    <div className={styles.toolbar} role="toolbar" aria-label={t('tools')}>
      {dragTools.map((name) => <Tool key={name} icon={icons[name]} label={t(`tool.${name}`)} pressed={props.tool === name} onClick={() => props.onTool(name)} />)}
      <span className={styles.separator} />
      <Menu position="bottom-start" withinPortal shadow="md">
        <Menu.Target><button type="button" className={styles.tool} aria-label={t('preset.title')}><IconAdjustmentsHorizontal size={22} aria-hidden /><span className={styles.toolText} aria-hidden>{t('preset.title')}</span></button></Menu.Target>
        <Menu.Dropdown>
          {props.presets && (Object.keys(windowPresets) as WindowPreset[]).map((name) => (
            <Menu.Item key={name} onClick={() => props.onPreset(name)} rightSection={<bdi dir="ltr">{windowPresets[name].center} / {windowPresets[name].width}</bdi>}>{t(`preset.${name}`)}</Menu.Item>
          ))}
          <Menu.Item onClick={() => props.onPreset('original')}>{t('preset.original')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tool icon={props.inverted ? IconContrastOff : IconContrast} label={t('invert')} pressed={props.inverted} onClick={props.onInvert} />
      <Tool icon={IconRotateClockwise} label={t('rotate')} onClick={props.onRotate} />
      <Tool icon={props.playing ? IconPlayerPause : IconPlayerPlay} label={props.playing ? t('pause') : t('play')} disabled={!props.canPlay} onClick={props.onPlay} />
      <Tool icon={IconEraser} label={t('clear')} disabled={!props.hasMeasurements} onClick={props.onClear} />
      <Tool icon={IconRefresh} label={t('reset')} onClick={props.onReset} />
    </div>
  );
}

function Tool({ icon: Glyph, label, pressed, disabled = false, onClick }: { icon: Icon; label: string; pressed?: boolean; disabled?: boolean; onClick: () => void }) {
  return (
    <Tooltip label={label} openDelay={400} events={{ hover: true, focus: true, touch: false }}>
      <button type="button" className={styles.tool} aria-label={label} {...(pressed !== undefined && { 'aria-pressed': pressed })} disabled={disabled} onClick={onClick}>
        <Glyph size={22} stroke={1.8} aria-hidden /><span className={styles.toolText} aria-hidden>{pressed !== undefined ? label : ''}</span>
      </button>
    </Tooltip>
  );
}
