export { BareFrame, OpenFrame, SignedInFrame } from './frames.tsx';
