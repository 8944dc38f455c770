/** What is used of libmime, which brings no types. */
declare module 'libmime' {
  const libmime: {
    /** Decodes RFC 2047 words; never throws on unknown charsets. */
    decodeWords(text: string): string;
    parseHeaderValue(text: string): { value: string; params: Record<string, string> };
  };
  export default libmime;
}
