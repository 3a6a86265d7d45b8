/** The signalling of the server that this page came from. */
export const roomUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/room`;
