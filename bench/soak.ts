import { soakRoom } from './room-load/soak.ts';

// npm run soak -- room [SECONDS] [LOSS] [ROUND_TRIP_MS]: a minute's call through 10 % loss each way and 50 ms round trip, unless told otherwise.
const [name = '', seconds = '60', dropFraction = '0.1', roundTripMs = '50'] = process.argv.slice(2);
if (name !== 'room') {
  console.error('npm run soak -- room [SECONDS] [LOSS] [ROUND_TRIP_MS]');
  process.exit(2);
}
const kept = await soakRoom({ seconds: Number(seconds), dropFraction: Number(dropFraction), roundTripMs: Number(roundTripMs), seed: 1 }, (line) => console.log(line));
process.exitCode = kept ? 0 : 1;
