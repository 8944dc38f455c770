import { finder } from './finding.js';
import type { Finding } from './finding.js';

const warning = finder('warning');

/** CSS that some of the large mail clients do not know, with the page of caniemail.com that says which (read in 2026). */
const unsupported: readonly [RegExp, string, string][] = [
  [/(?<![\w-])position\s*:\s*(?:absolute|fixed|relative|sticky)/i, 'position', 'css-position'],
  [/(?<![\w-])float\s*:\s*(?:left|right)/i, 'float', 'css-float'],
  [/display\s*:\s*(?:inline-)?flex/i, 'display: flex', 'css-display-flex'],
  [/display\s*:\s*(?:inline-)?grid/i, 'display: grid', 'css-display-grid'],
  [/(?<![\w-])gap\s*:/i, 'gap', 'css-gap'],
  [/@import\b/i, '@import', 'css-at-import'],
  [/@font-face\b/i, '@font-face', 'css-at-font-face'],
  [/@supports\b/i, '@supports', 'css-at-supports'],
  [/@keyframes\b|(?<![\w-])animation(?:-\w+)?\s*:/i, 'animation', 'css-animation'],
  [/background(?:-image)?\s*:[^;"}]*url\(/i, 'background-image', 'css-background-image'],
  [/(?:linear|radial|conic)-gradient\(/i, 'gradients', 'css-linear-gradient'],
  [/(?<![\w-])box-shadow\s*:/i, 'box-shadow', 'css-box-shadow'],
  [/(?<![\w-])(?:backdrop-)?filter\s*:/i, 'filter', 'css-filter'],
  [/(?<![\w-])transform\s*:/i, 'transform', 'css-transform'],
  [/(?<![\w-])transition\s*:/i, 'transition', 'css-transition'],
  [/(?<![\w-])object-fit\s*:/i, 'object-fit', 'css-object-fit'],
  [/(?<![\w-])clip-path\s*:/i, 'clip-path', 'css-clip-path'],
  [/(?<![\w-])mix-blend-mode\s*:/i, 'mix-blend-mode', 'css-mix-blend-mode'],
  [/var\(\s*--/i, 'variables', 'css-variables'],
  [/\b(?:clamp|min|max)\([^)]*\d/i, 'min(), max(), clamp()', 'css-function-clamp'],
  [/<mj-font\b/i, 'fonts from elsewhere', 'css-at-font-face'],
];

/** What of the styles in an MJML source mail clients do not support. */
export function lintStyles(file: string, source: string): Finding[] {
  return source
    .split('\n')
    .flatMap((text, index) =>
      unsupported
        .filter(([pattern]) => pattern.test(text))
        .map(([, what, feature]) =>
          warning(
            'style_unsupported',
            file,
            index + 1,
            `${what} is not known to every large mail client: https://www.caniemail.com/features/${feature}/`,
          ),
        ),
    );
}
