import { ActionIcon, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A panel beside the pictures; on a narrow screen it lies over them. Hidden, its content stays as it is. */
export function SidePanel({ title, shown, wide = false, onClose, children }: { title: string; shown: boolean; wide?: boolean; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation('room');
  const heading = useId();
  const panel = useRef<HTMLElement>(null);
  const before = useRef(shown);
  useEffect(() => {
    if (shown && !before.current) panel.current?.focus();
    before.current = shown;
  }, [shown]);
  return (
    <section ref={panel} className="room-panel" data-wide={wide || undefined} hidden={!shown} aria-labelledby={heading} tabIndex={-1} onKeyDown={(event) => { if (event.key === 'Escape' && !event.defaultPrevented) onClose(); }}>
      <header><Title order={2} id={heading}>{title}</Title><ActionIcon onClick={onClose} aria-label={t('closePanel', { name: title })} color="gray"><IconX aria-hidden /></ActionIcon></header>
      <div className="room-panel-body">{children}</div>
    </section>
  );
}
