import type { OfferedAction } from './actions.ts';

/** How an action is taken on the screen; whatever is not listed gets a dialog made of its inputs. */
export type Place =
  | { readonly kind: 'page'; readonly path: string }
  | { readonly kind: 'tab'; readonly tab: string }
  | { readonly kind: 'time' }
  | { readonly kind: 'dialog'; readonly danger?: boolean }
  | { readonly kind: 'patient-link' };

const places: Readonly<Record<string, Place>> = {
  'save-form': { kind: 'page', path: '/form' }, 'submit': { kind: 'page', path: '/form' }, 'write-report': { kind: 'page', path: '/report/write' }, 'sign-report': { kind: 'page', path: '/report/write' },
  'join-session': { kind: 'page', path: '/room' }, 'propose-time': { kind: 'time' }, 'invite-patient': { kind: 'patient-link' },
  'add-material': { kind: 'tab', tab: 'materials' }, 'classify-material': { kind: 'tab', tab: 'materials' }, 'replace-material': { kind: 'tab', tab: 'materials' }, 'remove-material': { kind: 'tab', tab: 'materials' },
  'send-materials': { kind: 'tab', tab: 'materials' }, 'acknowledge-materials': { kind: 'tab', tab: 'materials' }, 'invite': { kind: 'tab', tab: 'case' }, 'uninvite': { kind: 'tab', tab: 'case' },
  'evaluate': { kind: 'tab', tab: 'follow-up' }, 'plan-follow-up': { kind: 'tab', tab: 'follow-up' }, 'complete-follow-up': { kind: 'tab', tab: 'follow-up' }, 'send-message': { kind: 'tab', tab: 'messages' },
  'record-consent': { kind: 'tab', tab: 'case' },
  'withdraw': { kind: 'dialog', danger: true }, 'refuse': { kind: 'dialog', danger: true }, 'cancel': { kind: 'dialog', danger: true },
};
export const placeOf = (action: OfferedAction): Place => places[action.code] ?? { kind: 'dialog' };

/** Actions that stand in a panel of their own and would only be repeated in the bar. */
const inPanels = new Set(['add-material', 'classify-material', 'replace-material', 'remove-material', 'acknowledge-materials', 'invite', 'uninvite', 'send-message', 'complete-follow-up', 'record-consent', 'send-materials']);
export interface Bar { readonly primary: OfferedAction | undefined; readonly others: readonly OfferedAction[] }

/** The next step and the few other buttons beside it. */
export function barOf(actions: readonly OfferedAction[]): Bar {
  const primary = actions.find((action) => action.primary && !action.blocked) ?? actions.find((action) => action.primary && !inPanels.has(action.code));
  const isDanger = (action: OfferedAction): boolean => { const place = placeOf(action); return place.kind === 'dialog' && place.danger === true; };
  const others = actions.filter((action) => action !== primary && !inPanels.has(action.code) && !(action.code === 'submit' && primary?.code === 'save-form') && !(action.code === 'save-form' && primary?.code === 'submit'));
  // What ends something stands last.
  return { primary, others: [...others.filter((action) => !isDanger(action)), ...others.filter(isDanger)] };
}
