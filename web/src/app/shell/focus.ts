import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** After a change of screen the keyboard and the screen reader stand at its heading, not at a link that is gone. */
export function useFocusOnNavigation(): void {
  const path = useRouterState({ select: (router) => router.location.pathname });
  const first = useRef(true);
  useEffect(() => {
    if (first.current) { first.current = false; return undefined; }
    const timer = setTimeout(() => {
      const active = document.activeElement;
      if (active && active !== document.body && document.getElementById('main')?.contains(active)) return;
      const heading = document.querySelector<HTMLElement>('[data-page-title]') ?? document.getElementById('main');
      heading?.focus({ preventScroll: true });
    }, 120);
    return () => clearTimeout(timer);
  }, [path]);
}
