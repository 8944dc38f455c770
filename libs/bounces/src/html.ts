import { Parser } from 'htmlparser2';

const BLOCKS = /^(br|p|div|tr|li|h\d|table|hr|pre|blockquote|td)$/;
const UNSEEN = /^(style|script|title|head)$/;

/** The visible text of HTML, a line for each block. */
export function htmlToText(html: string): string {
  const pieces: string[] = [];
  let unseen = 0;
  const parser = new Parser({
    onopentag: (name) => {
      if (UNSEEN.test(name)) unseen++;
      else if (BLOCKS.test(name)) pieces.push('\n');
    },
    ontext: (text) => void (unseen === 0 && pieces.push(text.replaceAll(/\s+/g, ' '))),
    onclosetag: (name) => {
      if (UNSEEN.test(name)) unseen--;
      else if (BLOCKS.test(name)) pieces.push('\n');
    },
  });
  parser.end(html);
  return pieces.join('').replaceAll(/\n\s*\n\s*/g, '\n\n');
}
