/** Loss and round trip of one leg (sender to us, or us to receiver). */
export interface Leg { readonly lossFraction: number; readonly roundTripMs: number }

/** Receivers ask again in steps of about this, whatever the real round trip: browsers that only receive do not measure it. */
const receiverRetryMs = 100;
const mostDelayMs = 600;
const toleratedLoss = 0.002;

/** Rounds of asking after which less than one packet in five hundred is still missing. */
const rounds = (lossFraction: number): number => Math.ceil(Math.log(toleratedLoss) / Math.log(Math.min(0.5, lossFraction)));

/**
 * How long a receiver should hold media back so that lost packets can be asked for on both legs, in milliseconds.
 * 0 (the browser's own choice) below half a per cent of loss. Rounded up to 20 ms so that it does not flutter.
 */
export function playoutDelayMs(up: Leg, down: Leg): number {
  const leg = ({ lossFraction, roundTripMs }: Leg, leastRetryMs: number): number =>
    (lossFraction < 0.005 ? 0 : rounds(lossFraction) * Math.max(leastRetryMs, roundTripMs * 1.15));
  const sum = leg(up, 20) + leg(down, receiverRetryMs);
  return sum === 0 ? 0 : Math.min(mostDelayMs, Math.ceil((sum + 20) / 20) * 20);
}
