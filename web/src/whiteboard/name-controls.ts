/** Controls of the drawing program that have no name of their own, by what they can be recognised by. */
const nameless = [
  ['.dropdown-menu-button', 'menu'],
  ['.App-toolbar__extra-tools-trigger', 'moreTools'],
  ['button.help-icon', 'help'],
  ['.scroll-back-to-content', 'back'],
  ['input[type="range"]', 'slider'],
  ['textarea', 'text'],
  ['input:not([type="range"])', 'option'],
  ['button', 'button'],
] as const;
export type ControlName = (typeof nameless)[number][1] | 'dialog' | 'foot';

const hasName = (element: Element): boolean => {
  const { labels } = element as HTMLInputElement;
  return Boolean(element.getAttribute('aria-label') || element.getAttribute('aria-labelledby') || element.getAttribute('title') || element.textContent?.trim()
    || element.querySelector('img[alt]:not([alt=""]), svg[aria-label]') || (labels && labels.length > 0));
};

/**
 * Gives a name to every control of the drawing program that has none, as it appears, so that it can be operated by ear.
 * Returns the ending. @see WCAG 2.2 4.1.2
 */
export function nameControls(root: HTMLElement, word: (name: ControlName) => string): () => void {
  const named = new Set<Element>();
  const name = (): void => {
    for (const element of root.querySelectorAll<HTMLElement>('.excalidraw button, .excalidraw input, .excalidraw textarea')) {
      if (hasName(element)) continue;
      const [, key] = nameless.find(([selector]) => element.matches(selector))!;
      element.setAttribute('aria-label', word(key));
      named.add(element);
    }
    for (const dialog of root.querySelectorAll('.excalidraw [role="dialog"]:not([aria-label], [aria-labelledby])')) {
      dialog.setAttribute('aria-label', word('dialog'));
      named.add(dialog);
    }
    // A page has one foot, and it is not the board's.
    for (const foot of root.querySelectorAll('.excalidraw footer[role="contentinfo"]')) {
      foot.setAttribute('role', 'group');
      foot.setAttribute('aria-label', word('foot'));
      named.add(foot);
    }
    // The canvases are drawn on, not read; the board's name is on the section around them.
    for (const canvas of root.querySelectorAll('.excalidraw canvas:not([role])')) canvas.setAttribute('role', 'presentation');
  };
  let waiting = 0;
  const observer = new MutationObserver(() => {
    if (waiting === 0) waiting = requestAnimationFrame(() => { waiting = 0; name(); });
  });
  observer.observe(root, { childList: true, subtree: true });
  name();
  return () => {
    observer.disconnect();
    cancelAnimationFrame(waiting);
    for (const element of named) element.removeAttribute('aria-label');
  };
}
