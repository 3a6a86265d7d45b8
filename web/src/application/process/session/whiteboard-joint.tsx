import { lazy, Suspense, type ComponentType } from 'react';
import { Skeletons } from '../../../primitives/index.ts';

interface WhiteboardProps { readonly ticket: string; readonly caseId: string }
const folders = import.meta.glob('../../../whiteboard/index.ts') as Readonly<Record<string, () => Promise<Record<string, unknown>>>>;
const load = folders['../../../whiteboard/index.ts'];
const Lazy = load && lazy(async () => ({ default: (await load())['Whiteboard'] as ComponentType<WhiteboardProps> }));

/** The single joint between a session and the whiteboard, whose code is large and comes when its tab is opened. */
export const Whiteboard: ComponentType<WhiteboardProps> | undefined = Lazy && ((props: WhiteboardProps) => <Suspense fallback={<Skeletons rows={1} height={320} />}><Lazy {...props} /></Suspense>);
