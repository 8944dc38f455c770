/** Feeds lie about their encoding; bytes that are valid UTF-8 are UTF-8, else the declared one, else Windows-1252. */
export function decodeFeed(bytes: Uint8Array): string {
  return (
    tryDecode(bytes, 'utf-8') ??
    tryDecode(bytes, declaredEncoding(bytes)) ??
    tryDecode(bytes, 'windows-1252') ??
    ''
  );
}

function tryDecode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    // Not this encoding, or no encoding of that name: the next one is tried.
    return undefined;
  }
}

const DECLARATION = /<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/;

function declaredEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return DECLARATION.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 200)))?.[1] ?? 'windows-1252';
}
