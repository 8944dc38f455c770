import { readEvent } from '#libs/contracts';

/** Reads a message as it came; what is not JSON fails the envelope check, which says so. */
export function readPayload(payload: string): ReturnType<typeof readEvent> {
  return readEvent(parse(payload));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the envelope check names it.
    return undefined;
  }
}
