import type { ComponentType } from 'react';
import type { Account } from '../session/index.ts';

/** A screen of a feature; `load` brings its code when it is first visited. */
export interface FeatureRoute {
  readonly path: string;
  readonly load: () => Promise<ComponentType>;
  /** Reachable without signing in. */
  readonly open?: boolean;
  /** Without navigation around it (room, patient's link). */
  readonly bare?: boolean;
}
export interface FeatureLink {
  readonly to: string;
  /** Key in the namespace `app`. */
  readonly label: string;
  /** A shorter word for the bottom bar of a phone. */
  readonly short?: string;
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>;
  readonly order: number;
  readonly for: (account: Account) => boolean;
  /** In the bottom bar of a phone; the others are under "More". */
  readonly main?: (account: Account) => boolean;
  /** Second key after `g`. */
  readonly key?: string;
}
export interface Feature { readonly routes: readonly FeatureRoute[]; readonly links?: readonly FeatureLink[] }
