export { Whiteboard, type WhiteboardHandle, type WhiteboardProps } from './Whiteboard.tsx';
