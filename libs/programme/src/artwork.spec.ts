import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { artworkMistakes } from './artwork.js';

const svg = (inner: string, attributes = ''): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" ${attributes}>${inner}</svg>`;

describe('a drawing of a badge', () => {
  it.each(readdirSync('programme/badges'))('of the default programme is harmless: %s', (name) => {
    expect(artworkMistakes(readFileSync(`programme/badges/${name}`, 'utf8'))).toEqual([]);
  });

  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['another document', '<foreignObject><p/></foreignObject>'],
    ['a handler', '<path onload="alert(1)" d="M0 0"/>'],
    ['a handler in capitals', '<path ONCLICK="alert(1)" d="M0 0"/>'],
    ['a picture from elsewhere', '<image href="https://evil.example/x.png"/>'],
    ['a use from elsewhere', '<use href="https://evil.example/x.svg#a"/>'],
    ['a link in the old way', '<use xlink:href="https://evil.example/x.svg#a"/>'],
    ['a style', '<path style="fill:url(https://evil.example)" d="M0 0"/>'],
    ['a style sheet', '<style>@import "https://evil.example"</style>'],
    ['a paint from elsewhere', '<path fill="url(https://evil.example/#a)" d="M0 0"/>'],
    ['a hidden paint', String.raw`<path fill="ur\6c(https://evil.example)" d="M0 0"/>`],
    ['an animation that sets a link', '<set attributeName="href" to="javascript:alert(1)"/>'],
    ['text, whose font is anybody’s guess', '<text>Hi</text>'],
    ['CDATA', '<desc><![CDATA[<script>]]></desc>'],
  ])('is refused with %s', (_what, inner) => {
    expect(artworkMistakes(svg(inner))).not.toEqual([]);
  });

  it.each([
    ['a doctype with an entity', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('<path d="M0 0"/>')}`],
    ['a style sheet instruction', `<?xml-stylesheet href="https://evil.example"?>${svg('')}`],
    ['no picture at all', '<html></html>'],
    ['a handler on its root', svg('', 'onload="alert(1)"')],
    ['no viewBox', '<svg xmlns="http://www.w3.org/2000/svg"></svg>'],
    ['more behind its end', `${svg('')}<script/>`],
  ])('is refused with %s', (_what, text) => {
    expect(artworkMistakes(text)).not.toEqual([]);
  });

  it('may point at its own parts', () => {
    expect(artworkMistakes(svg('<path fill="url(#face)" d="M0 0"/><use href="#a"/>'))).toEqual([]);
  });
});
