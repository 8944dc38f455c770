import Handlebars from 'handlebars';

/** What the page shows; `form` is there while there is something to accept. */
export interface AcceptPage {
  locale: string;
  programme: string;
  colour: string;
  background: string;
  heading: string;
  paragraphs: string[];
  form?: { button: string };
}

const template = Handlebars.compile(`<!doctype html>
<html lang="{{locale}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{heading}} · {{programme}}</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 0; font: 17px/1.6 system-ui, sans-serif; background: {{background}}; color: #22302c; }
  main { max-width: 30rem; margin: 12vh auto 0; padding: 2.25rem; background: #fff; border-radius: 14px; box-shadow: 0 2px 24px #0001; }
  small { color: {{colour}}; font-weight: 600; letter-spacing: .02em; }
  h1 { font-size: 1.7rem; line-height: 1.25; margin: .4rem 0 1rem; }
  button { font: inherit; font-weight: 600; margin-top: 1rem; padding: .8rem 1.5rem; border: 0; border-radius: 8px; background: {{colour}}; color: #fff; cursor: pointer; }
  button:focus-visible { outline: 3px solid #e0a43a; outline-offset: 2px; }
  @media (max-width: 34rem) { main { margin: 0; min-height: 100vh; border-radius: 0; box-sizing: border-box; } }
  @media (prefers-color-scheme: dark) { body { background: #16201d; color: #e6ece9; } main { background: #1f2b27; } small { color: #6cc3ac; } }
</style>
</head>
<body><main>
<small>{{programme}}</small>
<h1>{{heading}}</h1>
{{#each paragraphs}}<p>{{this}}</p>
{{/each}}{{#if form}}<form method="post"><button type="submit">{{form.button}}</button></form>{{/if}}
</main></body>
</html>
`);

/** The page as HTML; every value is escaped. */
export const renderAcceptPage = (page: AcceptPage): string => template(page);

/** Fills `{name}`-style gaps. */
export const fill = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (gap, key: string) => values[key] ?? gap);
