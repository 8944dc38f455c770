/** Milliseconds for which a server wants to be left alone: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); 0 when it says nothing. */
export function retryAfterMs(header: unknown, now: Date): number {
  const text = typeof header === 'string' && header.length <= 500 ? header.trim() : '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  return Math.max(0, Date.parse(text) - now.getTime() || 0);
}
