export { BareFrame, OpenBareFrame, OpenFrame, SignedInFrame } from './frames.tsx';
