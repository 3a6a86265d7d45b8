/** Loss and round trip of one leg (sender to us, or us to receiver). */
export interface Leg { readonly lossFraction: number; readonly roundTripMs: number }

/** A receiver that does not know its round trip asks again in steps of this. */
const blindRetryMs = 100;
/** Browsers look for what is due in steps of this. */
const retryGrainMs = 20;
const mostDelayMs = 600;
const toleratedLoss = 0.002;

/** Rounds of asking after which less than one packet in five hundred is still missing. */
const rounds = (lossFraction: number): number => Math.ceil(Math.log(toleratedLoss) / Math.log(Math.min(0.5, lossFraction)));

const leg = (lossFraction: number, retryMs: number): number => (lossFraction < 0.005 ? 0 : rounds(lossFraction) * retryMs);

/**
 * How long a receiver should hold media back so that lost packets can be asked for on both legs, in milliseconds.
 * 0 (the browser's own choice) below half a per cent of loss. Rounded up to 20 ms so that it does not flutter.
 * `receiverKnowsRoundTrip`: the receiver measures its round trip by extended reports.
 */
export function playoutDelayMs(up: Leg, down: Leg, receiverKnowsRoundTrip: boolean): number {
  const downRetryMs = (receiverKnowsRoundTrip ? down.roundTripMs : Math.max(blindRetryMs, down.roundTripMs)) + retryGrainMs;
  const sum = leg(up.lossFraction, Math.max(20, up.roundTripMs * 1.15)) + leg(down.lossFraction, downRetryMs);
  return sum === 0 ? 0 : Math.min(mostDelayMs, Math.ceil((sum + 20) / 20) * 20);
}
