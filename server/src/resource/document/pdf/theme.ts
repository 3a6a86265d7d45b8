/** Measures in points (1/72 inch), colours as sRGB. One place, so that all documents look of a piece. */
export const page = { width: 595.28, height: 841.89, side: 54, top: 46, continuedTop: 78, bottom: 66 } as const;

export const colours = {
  ink: '#1B2329', muted: '#56636D', brand: '#0B3C5D', accent: '#1D7A8C', line: '#C8D2D9', tint: '#F1F6F8', notice: '#7A4B00', noticeTint: '#FFF5E0',
} as const;
export type Colour = (typeof colours)[keyof typeof colours];

export interface Style {
  readonly size: number;
  readonly weight: 'regular' | 'bold';
  readonly colour: Colour;
  /** Distance of baselines as a multiple of the size. */
  readonly leading: number;
}

const style = (size: number, weight: Style['weight'], colour: Colour, leading = 1.42): Style => ({ size, weight, colour, leading });

export const styles = {
  title: style(21, 'bold', colours.brand, 1.25),
  subtitle: style(9.5, 'regular', colours.muted),
  letterhead: style(11.5, 'bold', colours.brand, 1.3),
  small: style(8.5, 'regular', colours.muted, 1.4),
  overline: style(7.5, 'bold', colours.accent, 1.4),
  heading: style(12.5, 'bold', colours.brand, 1.35),
  body: style(10.5, 'regular', colours.ink, 1.5),
  bodyBold: style(10.5, 'bold', colours.ink, 1.5),
  label: style(8.5, 'regular', colours.muted, 1.4),
  notice: style(9.5, 'bold', colours.notice, 1.4),
  code: style(13, 'bold', colours.brand, 1.4),
  plainTitle: style(25, 'bold', colours.brand, 1.25),
  plainHeading: style(17.5, 'bold', colours.brand, 1.35),
  plainBody: style(14.5, 'regular', colours.ink, 1.6),
} as const satisfies Record<string, Style>;
