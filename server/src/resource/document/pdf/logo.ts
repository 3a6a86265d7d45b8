import { invalid } from '../../../kernel/index.ts';

/** A logo as one filled path, or as a picture. */
export type Logo =
  | { readonly kind: 'path'; /** SVG path data. */ readonly d: string; readonly viewBox: readonly [width: number, height: number]; /** #rrggbb */ readonly colour: string }
  | { readonly kind: 'picture'; /** PNG or JPEG. */ readonly bytes: Uint8Array };

const pathLimit = 20_000;

/** @throws invalid `document-logo` when the path could not be drawn. */
export function checkLogo(logo: Logo, at: string): void {
  if (logo.kind === 'picture') return;
  const sound = logo.d.length <= pathLimit && /^\s*[Mm][MmLlHhVvCcSsQqTtAaZz0-9eE\s,.+-]*$/.test(logo.d)
    && logo.viewBox.every((n) => Number.isFinite(n) && n > 0) && /^#[0-9a-fA-F]{6}$/.test(logo.colour);
  if (!sound) throw invalid('document-logo', `${at} is not a path that can be drawn.`, { details: { at } });
}
