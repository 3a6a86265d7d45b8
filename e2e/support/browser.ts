/** Chromium of the system with a fake camera and microphone; media may use loopback. */
import { chromium, type Browser } from 'playwright-core';

export const startBrowser = (more: readonly string[] = []): Promise<Browser> => chromium.launch({
  executablePath: '/usr/bin/chromium', headless: true,
  args: [
    '--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--allow-loopback-in-peer-connection', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--no-first-run', '--autoplay-policy=no-user-gesture-required', ...more,
  ],
});
