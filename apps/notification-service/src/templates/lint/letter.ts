import { Parser } from 'htmlparser2';
import type { Letter } from '../writer.js';
import { finder } from './finding.js';
import type { Finding } from './finding.js';

const [error, warning] = [finder('error'), finder('warning')];

/** Gmail cuts a mail whose HTML is longer than 102 KB and hides what follows, the link to unsubscribe included. */
const CLIPPED = 100 * 1024;
/** Subjects of 21 to 40 characters are read most and cut least; RFC 5322 recommends lines of at most 78. */
const SUBJECT = { short: 21, long: 40, most: 78 };

/** Files the findings about a letter point at. */
export interface LetterFiles {
  /** Of the words. */
  words: string;
  lineOf: (key: string) => number;
  /** Of the structure. */
  structure: string;
}

/** What is wrong with a letter that was written with sample data. */
export function lintLetter(letter: Letter, files: LetterFiles): Finding[] {
  return [
    ...lintSubject(letter.subject, files),
    ...lintPreview(letter.preview, files),
    ...lintHtml(letter.html, files),
  ];
}

function lintSubject(subject: string, { words, lineOf }: LetterFiles): Finding[] {
  const line = lineOf('subject');
  const length = Array.from(subject).length;
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  if (/[\u0000-\u001f\u007f]/.test(subject))
    return [
      error(
        'subject_control',
        words,
        line,
        'the subject holds a line break, NUL or another control character, which a header must not',
      ),
    ];
  if (length === 0) return [error('subject_missing', words, line, 'the subject is empty')];
  if (length > SUBJECT.most)
    return [
      error(
        'subject_long',
        words,
        line,
        `the subject has ${length} characters; ${SUBJECT.most} are the most`,
      ),
    ];
  if (length < SUBJECT.short || length > SUBJECT.long)
    return [
      warning(
        'subject_length',
        words,
        line,
        `the subject has ${length} characters; ${SUBJECT.short} to ${SUBJECT.long} are read most`,
      ),
    ];
  return [];
}

function lintPreview(preview: string, { words, lineOf }: LetterFiles): Finding[] {
  if (preview !== '') return [];
  const message = 'the preview is empty; an inbox would show the first words of the mail instead';
  return [error('preview_missing', words, lineOf('preview'), message)];
}

/** What mail clients take out, or a mail must not carry. */
const active = new Set([
  'script',
  'iframe',
  'object',
  'embed',
  'form',
  'input',
  'button',
  'link',
  'base',
  'video',
  'audio',
  'svg',
]);

function lintHtml(html: string, { structure }: LetterFiles): Finding[] {
  const found = new Map<string, Finding>();
  const add = (finding: Finding): unknown => found.set(finding.message, finding);
  const parser = new Parser({
    onopentag: (name, attributes) => {
      for (const finding of lintTag(name, attributes, structure)) add(finding);
    },
  });
  parser.end(html);
  if (Buffer.byteLength(html) > CLIPPED)
    add(
      warning(
        'mail_clipped',
        structure,
        1,
        `the HTML has ${Math.ceil(Buffer.byteLength(html) / 1024)} KB; Gmail hides what comes after 102 KB`,
      ),
    );
  return [...found.values()];
}

function lintTag(name: string, attributes: Record<string, string>, file: string): Finding[] {
  const findings: Finding[] = [];
  if (active.has(name))
    findings.push(error('tag_refused', file, 1, `<${name}> has no place in a mail; clients take it out`));
  const handler = Object.keys(attributes).find((key) => key.startsWith('on'));
  if (handler)
    findings.push(error('script_refused', file, 1, `${handler}="…" is a script; clients take it out`));
  if (name === 'a') findings.push(...lintLink(attributes['href'] ?? '', file));
  if (name === 'img') findings.push(...lintPicture(attributes, file));
  return findings;
}

function lintLink(href: string, file: string): Finding[] {
  if (/^(?:https:\/\/|mailto:|tel:)/i.test(href)) return [];
  return [error('link_insecure', file, 1, `the link "${href.slice(0, 100)}" does not begin with https://`)];
}

function lintPicture({ src = '', alt }: Record<string, string>, file: string): Finding[] {
  const findings: Finding[] = [];
  const name = src.slice(0, 100);
  if (!/^https:\/\//i.test(src))
    findings.push(
      error(
        'picture_refused',
        file,
        1,
        `the picture "${name}" must be an https:// address: a mail carries no files`,
      ),
    );
  if (alt === undefined)
    findings.push(
      error('picture_silent', file, 1, `the picture "${name}" has no alt text (alt="" if it says nothing)`),
    );
  return findings;
}
