import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProgrammeError, readText } from '#libs/platform';

/**
 * Compiles an MJML structure to the HTML that Handlebars then renders; `@{colour}` names the palette.
 * Once per template at start: the words of every language go through the same HTML.
 */
export async function compileStructure(
  file: string,
  directory: string,
  palette: Record<string, string>,
): Promise<string> {
  const source = readText(file);
  refuseIncludes(file, source, directory);
  // Loaded where it is needed: a thread that gets structures compiled need not wait seconds for it.
  const { default: mjml2html } = await import('mjml');
  const { html, errors } = await mjml2html(source, {
    // Includes are named from the templates folder, wherever in it the structure stands.
    filePath: directory,
    actualPath: file,
    // Includes are resolved inside the templates folder only (mjml 5 refuses to leave it).
    ignoreIncludes: false,
    preprocessors: [(xml) => withPalette(xml, palette, file)],
    validationLevel: 'soft',
    keepComments: false,
    fonts: {},
  }).catch((error: Error) => {
    if (error instanceof ProgrammeError) throw error;
    throw ProgrammeError.at(file, 1, error.message.split('\n')[0]!);
  });
  const [error] = errors as (MjmlProblem | undefined)[];
  if (error)
    throw ProgrammeError.at(fileOf(error) ?? file, error.line, `<${error.tagName}>: ${error.message}`);
  // MJML indents deeply; in transit every blank counts.
  return html.replaceAll(/\s*\n\s*/g, '\n');
}

/** MJML passes silently over what it does not include: a path out of the folder, a URL, a file that is not there. */
function refuseIncludes(
  file: string,
  source: string,
  directory: string,
  above: readonly string[] = [],
): void {
  for (const [index, text] of source.split('\n').entries())
    for (const [, path] of text.matchAll(/<mj-include\b[^>]*?\bpath\s*=\s*["']([^"']*)["']/g)) {
      const included = join(directory, path!);
      const refuse = (why: string): never => {
        throw ProgrammeError.at(file, index + 1, `mj-include of "${path}": ${why}`);
      };
      if (!/^(partials|structures)\/[a-z][a-z0-9-]*\.mjml$/.test(path!))
        refuse('only files of partials/ and structures/ can be included, no other path and no URL');
      if (!existsSync(included)) refuse('there is no such file');
      if (above.includes(included)) refuse('it includes itself');
      refuseIncludes(included, readText(included), directory, [...above, included]);
    }
}

interface MjmlProblem {
  line: number;
  message: string;
  tagName: string;
  formattedMessage: string;
}

/** Only the formatted message of mjml says in which included file a line stands. */
const fileOf = (error: MjmlProblem): string | undefined =>
  /^Line \d+ of (.+?)(?:, included at | \()/.exec(error.formattedMessage)?.[1];

function withPalette(xml: string, palette: Record<string, string>, file: string): string {
  return xml.replaceAll(/@\{(\w+)\}/g, (_, name: string) => {
    if (Object.hasOwn(palette, name)) return palette[name]!;
    throw ProgrammeError.at(
      file,
      1,
      `there is no colour "${name}"; there are ${Object.keys(palette).join(', ')}`,
    );
  });
}
