/** Lexical rules of the R4 primitive types. @see http://hl7.org/fhir/R4/datatypes.html#primitive */
type Check = (value: unknown) => boolean;

const matches = (pattern: RegExp, most = 1_048_576): Check => (v) => typeof v === 'string' && v.length > 0 && v.length <= most && pattern.test(v);
const whole = (least: number): Check => (v) => typeof v === 'number' && Number.isInteger(v) && v >= least && v <= 2_147_483_647;
const isText: Check = (v) => typeof v === 'string' && v.length > 0 && v.length <= 1_048_576 && /\S/.test(v);
const date = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const zone = '(Z|[+-]((0\\d|1[0-3]):[0-5]\\d|14:00))';
const dateTime = new RegExp(`^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01])(T([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d{1,9})?${zone})?)?)?$`);
const instant = new RegExp(`^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d{1,9})?${zone}$`);
const daysIn = (text: string): boolean => text.length < 10 || Number(text.slice(8, 10)) <= new Date(Date.UTC(2000 + (Number(text.slice(0, 4)) % 400), Number(text.slice(5, 7)), 0)).getUTCDate();
const dated = (pattern: RegExp): Check => (v) => typeof v === 'string' && v.length < 60 && pattern.test(v) && daysIn(v);
// Active content in a narrative would run in whoever's browser shows it.
const active = /<\s*(script|iframe|object|embed|form|input|link|base|meta|style)\b|\son[a-z]+\s*=|javascript:/i;

export const primitives: Readonly<Record<string, Check>> = {
  boolean: (v) => typeof v === 'boolean',
  integer: whole(-2_147_483_648), unsignedInt: whole(0), positiveInt: whole(1),
  decimal: (v) => typeof v === 'number' && Number.isFinite(v),
  string: isText, markdown: isText,
  code: matches(/^[^\s]+(\s[^\s]+)*$/, 4096), id: matches(/^[A-Za-z0-9.-]{1,64}$/, 64),
  uri: matches(/^\S+$/, 8192), url: matches(/^\S+$/, 8192), canonical: matches(/^\S+$/, 8192),
  oid: matches(/^urn:oid:[0-2](\.(0|[1-9]\d*))+$/, 512), uuid: matches(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 64),
  date: dated(date), dateTime: dated(dateTime), instant: dated(instant),
  time: matches(/^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?$/, 32),
  base64Binary: (v) => typeof v === 'string' && v.length > 0 && isBase64(v),
  xhtml: (v) => typeof v === 'string' && v.length <= 4_194_304 && /^\s*<(\w+:)?div[\s>/]/.test(v) && !active.test(v),
};

/** Checked in slices: one regular expression over megabytes would exhaust its stack. */
function isBase64(text: string): boolean {
  for (let at = 0; at < text.length; at += 8192) if (!/^[A-Za-z0-9+/=\s]+$/.test(text.slice(at, at + 8192))) return false;
  return true;
}
