import { birthDateText } from './dates.ts';
import type { DocumentHead, Field, Letterhead, PatientBlock } from './input.ts';
import type { Picture } from './pictures.ts';
import { readProse } from './prose.ts';
import type { Area, Sheet, Structure } from './sheet.ts';
import { documentStrings } from './strings.ts';
import { colours, styles, type Style } from './theme.ts';

const logoSize = 38;
const columnGap = 22;

/** The two letterheads side by side with a rule under them. */
export function writeLetterheads(sheet: Sheet, head: DocumentHead, logos: readonly (Picture | undefined)[]): void {
  const strings = documentStrings[sheet.language];
  const section = sheet.element(sheet.root, 'Sect');
  sheet.artifact(() => { sheet.doc.rect(0, 0, sheet.doc.page.width, 7).fill(colours.brand); });
  const entries: [string, Letterhead][] = head.consulted === undefined ? [[strings.institution, head.requesting]]
    : [[strings.requesting, head.requesting], [strings.consulted, head.consulted]];
  const width = entries.length === 1 ? sheet.content.width : (sheet.content.width - columnGap) / 2;
  const top = sheet.y;
  const bottoms = entries.map(([role, letterhead], at) => {
    sheet.y = top;
    writeLetterhead(sheet, section, role, letterhead, { start: sheet.content.start + at * (width + columnGap), width }, logos[at]);
    return sheet.y;
  });
  sheet.y = Math.max(...bottoms) + 10;
  rule(sheet, colours.line, 0.8);
  section.end();
  sheet.y += 16;
}

function writeLetterhead(sheet: Sheet, section: Structure, role: string, { name, address, phone, logo }: Letterhead, area: Area, picture: Picture | undefined): void {
  const { doc } = sheet;
  const indent = logo === undefined ? 0 : logoSize + 10;
  const top = sheet.y;
  if (logo !== undefined) {
    const x = sheet.left({ start: area.start, width: logoSize });
    sheet.figure(section, name, () => {
      if (picture) doc.image(picture.bytes, x, top + 2, { fit: [logoSize, logoSize], align: 'center', valign: 'center' });
      else if (logo.kind === 'path') {
        const scale = logoSize / Math.max(...logo.viewBox);
        doc.save().translate(x, top + 2).scale(scale).path(logo.d).fill(logo.colour).restore();
      }
    });
  }
  const text = { area: { start: area.start + indent, width: area.width - indent }, direction: 'isolated' } as const;
  sheet.write(role, styles.overline, section, 'P', { ...text, direction: 'document' });
  sheet.write(name, styles.letterhead, section, 'P', text);
  if (address) sheet.write(address, styles.small, section, 'P', text);
  if (phone) sheet.write(`${documentStrings[sheet.language].phone} \u2066${phone}\u2069`, styles.small, section, 'P', { ...text, direction: 'document' });
  sheet.y = Math.max(sheet.y, top + (logo === undefined ? 0 : logoSize + 4));
}

/** The patient in a tinted box: what must never be mixed up stands together and large enough. */
export function writePatient(sheet: Sheet, patient: PatientBlock): void {
  const strings = documentStrings[sheet.language];
  const fields: Field[] = [
    { label: strings.name, value: patient.name },
    ...(patient.birthDate === undefined ? [] : [{ label: strings.birthDate, value: birthDateText(patient.birthDate, sheet.language) }]),
    ...(patient.gender === undefined ? [] : [{ label: strings.gender, value: strings.genders[patient.gender] }]),
    ...(patient.identifier === undefined ? [] : [{ label: strings.identifier, value: patient.identifier }]),
    ...(patient.more ?? []),
  ];
  const section = sheet.element(sheet.root, 'Sect');
  writeHeading(sheet, section, strings.patient);
  band(sheet, 9);
  writeFields(sheet, section, fields, { tinted: true });
  band(sheet, 4);
  section.end();
  sheet.y += 14;
}

/** An empty strip of the tinted box. */
function band(sheet: Sheet, height: number): void {
  const top = sheet.y;
  sheet.artifact(() => { sheet.doc.rect(sheet.content.start, top - 0.3, sheet.content.width, height + 0.6).fill(colours.tint); });
  sheet.y += height;
}

/** Labels and values in two columns; a value that is long takes the whole width. */
export function writeFields(sheet: Sheet, parent: Structure, fields: readonly Field[], options: { tinted?: boolean; value?: Style } = {}): void {
  const inset = options.tinted ? 12 : 0;
  const valueStyle = options.value ?? styles.bodyBold;
  const whole: Area = { start: sheet.content.start + inset, width: sheet.content.width - 2 * inset };
  const half = (whole.width - columnGap) / 2;
  for (const row of rowsOf(sheet, fields, half, valueStyle)) {
    const areas = row.length === 1 ? [whole] : [{ start: whole.start, width: half }, { start: whole.start + half + columnGap, width: half }];
    const height = Math.max(...row.map((field, at) => fieldHeight(sheet, field, areas[at]!.width, valueStyle))) + 6;
    const fits = height < 500;
    sheet.need(fits ? height : 60);
    const top = sheet.y;
    if (options.tinted && fits) sheet.artifact(() => { sheet.doc.rect(sheet.content.start, top - 0.3, sheet.content.width, height + 0.6).fill(colours.tint); });
    let bottom = top;
    row.forEach((field, at) => {
      sheet.y = top;
      const area = areas[at]!;
      sheet.write(field.label, styles.label, parent, 'P', { area, direction: 'document' });
      sheet.write(field.value, valueStyle, parent, 'P', { area, direction: row.length === 1 && !isShort(sheet, field, half, valueStyle) ? 'auto' : 'isolated' });
      bottom = Math.max(bottom, sheet.y);
    });
    sheet.y = fits ? top + height : bottom + 6;
  }
}

const fieldHeight = (sheet: Sheet, field: Field, width: number, style: Style): number =>
  sheet.height(field.label, styles.label, width) + sheet.height(field.value, style, width);

/** At most two lines in a half column. */
const isShort = (sheet: Sheet, field: Field, half: number, style: Style): boolean =>
  sheet.height(field.value, style, half) <= style.size * style.leading * 2.5;

function rowsOf(sheet: Sheet, fields: readonly Field[], half: number, style: Style): Field[][] {
  const rows: Field[][] = [];
  for (const field of fields) {
    const last = rows.at(-1);
    if (isShort(sheet, field, half, style) && last?.length === 1 && isShort(sheet, last[0]!, half, style)) last.push(field);
    else rows.push([field]);
  }
  return rows;
}

/** A heading that stays with at least three lines of what follows. */
export function writeHeading(sheet: Sheet, parent: Structure, text: string, style: Style = styles.heading): void {
  sheet.need(style.size * style.leading + 52);
  const top = sheet.y;
  const bar: Area = { start: sheet.content.start, width: 3.2 };
  sheet.artifact(() => { sheet.doc.rect(sheet.left(bar), top + 1.5, bar.width, style.size * style.leading - 3).fill(colours.accent); });
  sheet.write(text, style, parent, 'H2', { direction: 'isolated', area: { start: sheet.content.start + 11, width: sheet.content.width - 11 } });
  sheet.y += 4;
}

/** Paragraphs and lists of written text. */
export function writeProse(sheet: Sheet, parent: Structure, text: string, style: Style = styles.body): void {
  for (const block of readProse(text)) {
    if (block.kind === 'paragraph') sheet.write(block.text, style, parent, 'P');
    else {
      const list = sheet.element(parent, 'L');
      for (const { mark, text: item } of block.items) {
        const entry = sheet.element(list, 'LI');
        sheet.need(style.size * style.leading);
        const indent = style.size * (mark.length > 2 ? 2.2 : 1.6);
        const top = sheet.y;
        sheet.write(mark, style, entry, 'Lbl', { area: { start: sheet.content.start, width: indent }, direction: 'document' });
        sheet.y = top;
        sheet.write(item, style, entry, 'LBody', { area: { start: sheet.content.start + indent, width: sheet.content.width - indent } });
        sheet.y += style.size * 0.18;
        entry.end();
      }
      list.end();
    }
    sheet.y += style.size * 0.5;
  }
}

export function rule(sheet: Sheet, colour: string, width: number): void {
  const { start } = sheet.content;
  sheet.artifact(() => { sheet.doc.moveTo(start, sheet.y).lineTo(start + sheet.content.width, sheet.y).lineWidth(width).strokeColor(colour).stroke(); });
}
