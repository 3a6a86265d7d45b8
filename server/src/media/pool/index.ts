export { MediaPool, type MediaListener, type MediaPoolOptions, type RoomMedia } from './media-pool.ts';
