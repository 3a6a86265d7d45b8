import { Compile } from 'typebox/compile';
import { invalid, tooLarge } from '../../kernel/errors.ts';
import { clientMessages, signallingLimits, type ClientMessage } from '../protocol/index.ts';

export type ReadMessage = (text: string) => ClientMessage;

/** Compiles the schemas once. The reader throws invalid `room.message` naming the field, or too-large `room.message-size`. */
export function messageReader(): ReadMessage {
  const validators = new Map<string, { Check(value: unknown): boolean; Errors(value: unknown): { instancePath: string; message: string }[] }>(
    Object.entries(clientMessages).map(([type, schema]) => [type, Compile(schema)]),
  );
  return (text) => {
    if (Buffer.byteLength(text) > signallingLimits.mostMessageBytes) throw tooLarge('room.message-size', `A message may have ${signallingLimits.mostMessageBytes} bytes.`);
    const value = parse(text);
    const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
    const validator = typeof type === 'string' ? validators.get(type) : undefined;
    if (validator === undefined) throw invalid('room.message', 'The message has no known type.', { details: { at: '/type' } });
    if (!validator.Check(value)) {
      const [first] = validator.Errors(value);
      const at = first?.instancePath || '/';
      throw invalid('room.message', `Message field ${at} ${first?.message ?? 'is wrong'}.`, { details: { at } });
    }
    return value as ClientMessage;
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('room.message', 'The message is not JSON.', { details: { at: '/' }, cause });
  }
}
