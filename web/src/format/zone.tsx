import { createContext, useContext } from 'react';
import { ownZone } from './time.ts';

const ZoneContext = createContext<string | undefined>(undefined);
export const ZoneProvider = ZoneContext.Provider;
/** Time zone that instants are shown in: the person's choice, else the device's. */
export const useZone = (): string => useContext(ZoneContext) ?? ownZone();
