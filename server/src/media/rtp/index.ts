export * from './packet.ts';
export * from './sequence.ts';
export * from './red.ts';
export * from './key-frame.ts';
export * from './rtcp-read.ts';
export * from './rtcp-write.ts';
