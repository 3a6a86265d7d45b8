import { createContext, useContext, type ComponentType } from 'react';
import type { OverallState } from './vocabulary.ts';

/** What an application shows differently from the others; everything else is the process's. */
export interface ApplicationPresentation {
  /** Code of the definition, e.g. `teleconsultation`. */
  readonly code: string;
  /** i18next namespace with `title`, `new`, `about` and `step.<state>`. */
  readonly namespace: string;
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>;
  /** States of the ordinary course, in order, for the picture. */
  readonly steps: readonly OverallState[];
  /** linkIds that stand in two columns on a wide screen. */
  readonly pairs: readonly (readonly [string, string])[];
  readonly sections: readonly string[];
}
const ApplicationsContext = createContext<readonly ApplicationPresentation[]>([]);
export const ApplicationsProvider = ApplicationsContext.Provider;
export const useApplications = (): readonly ApplicationPresentation[] => useContext(ApplicationsContext);
/** The presentation of one application; an unknown one is shown like the first. */
export function useApplication(code: string): ApplicationPresentation {
  const all = useApplications();
  const found = all.find((one) => one.code === code) ?? all[0];
  if (!found) throw new Error('No application is declared');
  return found;
}
