import type { Observation, ObservationComponent, Quantity } from '@medplum/fhirtypes';
import { localeTag } from './locale.ts';

/** Digits after the point as the source wrote them: 1.10 must not become 1.1. */
const digitsAfterPoint = (value: number): number => Math.min(6, String(value).split('.')[1]?.length ?? 0);

export function formatNumber(value: number, language: string, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(localeTag(language), { maximumFractionDigits: 2, ...options }).format(value);
}

export function formatQuantity(quantity: Quantity | undefined, language: string): string {
  if (quantity?.value === undefined) return '';
  const digits = digitsAfterPoint(quantity.value);
  const number = new Intl.NumberFormat(localeTag(language), { minimumFractionDigits: Math.min(digits, 3), maximumFractionDigits: Math.min(digits, 3) }).format(quantity.value);
  const unit = quantity.unit ?? quantity.code ?? '';
  // A measured value is read left to right in every language: an isolate keeps Arabic text from reordering it.
  return `\u2066${quantity.comparator ?? ''}${number}${unit === '%' || unit === '' ? unit : `\u00A0${unit}`}\u2069`;
}

/** The value of an Observation in words, with components (blood pressure) joined by a stroke. */
export function formatObservationValue(observation: Observation | ObservationComponent, language: string): string {
  if (observation.valueQuantity) return formatQuantity(observation.valueQuantity, language);
  if (observation.valueString) return observation.valueString;
  if (observation.valueInteger !== undefined) return formatNumber(observation.valueInteger, language);
  const concept = observation.valueCodeableConcept;
  if (concept) return concept.text ?? concept.coding?.[0]?.display ?? concept.coding?.[0]?.code ?? '';
  const parts = 'component' in observation ? observation.component ?? [] : [];
  const quantities = parts.flatMap((part) => part.valueQuantity ?? []);
  if (quantities.length > 1 && quantities.every((q) => q.unit === quantities[0]?.unit)) {
    return `\u2066${quantities.map((q) => formatNumber(q.value ?? 0, language)).join('/')}\u00A0${quantities[0]?.unit ?? ''}\u2069`;
  }
  return parts.map((part) => formatObservationValue(part, language)).filter(Boolean).join(', ');
}

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
export function formatBytes(bytes: number, language: string): string {
  const step = Math.min(sizes.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return new Intl.NumberFormat(localeTag(language), { style: 'unit', unit: sizes[step] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: step === 0 ? 0 : 1 }).format(bytes / 1000 ** step);
}
