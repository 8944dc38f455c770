import { mkdtempSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProgramme } from '../programme/programme.js';
import { look } from './lint/look.js';
import type { Finding } from './lint/finding.js';
import type { Loading } from './loader.js';

export const PROGRAMME = fileURLToPath(new URL('../../../../programme', import.meta.url));

/** The programme's templates with some files replaced; `work` has them as long as it takes. */
export async function withTemplates<T>(
  files: Record<string, string>,
  work: (loading: Loading) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-templates-'));
  try {
    cpSync(PROGRAMME, folder, { recursive: true });
    const directory = join(folder, 'templates');
    for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
    return await work({ directory, settings: readProgramme(folder) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the lint says of a template when some files are others. */
export const lint = (only: string, files: Record<string, string>): Promise<Finding[]> =>
  withTemplates(files, async (loading) => (await look({ ...loading, only })).findings);

/** The words of a badge's mail, with lines of one's own after the third. */
export const words = (more: string, subject = 'Your new badge is here'): string =>
  `subject: ${subject}\npreview: p\nheading: h\n${more}\n`;

/** An MJML structure with something in its only column. */
export const structure = (content: string, head = ''): string =>
  `<mjml lang="{{locale}}">\n<mj-head>${head}</mj-head><mj-body>\n<mj-section><mj-column>\n${content}\n</mj-column></mj-section></mj-body></mjml>\n`;
