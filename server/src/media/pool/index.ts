export { MediaPool, type MediaListener, type MediaPoolOptions, type MediaService, type RoomMedia } from './media-pool.ts';
