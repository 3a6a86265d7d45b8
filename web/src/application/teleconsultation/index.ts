import { IconStethoscope } from '@tabler/icons-react';
import type { ApplicationPresentation } from '../process/index.ts';

/** Teleconsultation, clause 8.1.2: a doctor asks an expert of another institution. */
export const teleconsultation: ApplicationPresentation = {
  code: 'teleconsultation', namespace: 'teleconsultation', icon: IconStethoscope,
  steps: ['draft', 'applied', 'accepted', 'scheduled', 'in-session', 'held', 'reported', 'closed'],
  pairs: [['urgency', 'specialty'], ['wished-start', 'wished-end']],
  sections: ['findings', 'opinion', 'recommendations', 'plain-language'],
};
