import { lazy } from 'react';

/** The single joint between a session and the whiteboard, whose code is large and comes when its tab is opened. */
export const Whiteboard = lazy(async () => ({ default: (await import('../../../whiteboard/index.ts')).Whiteboard }));
export type { WhiteboardHandle } from '../../../whiteboard/index.ts';
