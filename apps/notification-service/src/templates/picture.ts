import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 30_000;
/** Above it a picture says no more than the HTML does. */
const MAX_HEIGHT = 6_000;

/** How a mail is looked at. */
export interface Looking {
  /** Width of the mail in CSS pixels. */
  width: number;
  scheme: 'light' | 'dark';
}

/** How much room a mail takes, in CSS pixels; wider than the width it was given means that it overflows. */
export interface Size {
  width: number;
  height: number;
}

/** Takes the picture of a mail, a PNG, with a Chromium or Chrome of this machine. */
export function pictureOf(chromium: string, html: string, looking: Looking): Promise<Buffer> {
  return inFolder(async (folder) => {
    const [size] = await sizesIn(folder, chromium, [html], looking);
    await writeFile(join(folder, PAGE), pageOf([html], looking, size!.height));
    const png = join(folder, 'page.png');
    const window = `--window-size=${looking.width},${size!.height}`;
    await browse(folder, chromium, [window, `--screenshot=${png}`]);
    return readFile(png);
  });
}

/** Measures mails, all in one page: to start a browser takes longer than to lay out a hundred mails. */
export const sizesOf = (chromium: string, mails: readonly string[], looking: Looking): Promise<Size[]> =>
  inFolder((folder) => sizesIn(folder, chromium, mails, looking));

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-picture-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function sizesIn(
  folder: string,
  chromium: string,
  mails: readonly string[],
  looking: Looking,
): Promise<Size[]> {
  await writeFile(join(folder, PAGE), pageOf(mails, looking, 100));
  const dom = await browse(folder, chromium, ['--window-size=1280,800', '--dump-dom']);
  const sizes = /data-sizes="([\dx ]+)"/.exec(dom)?.[1];
  if (sizes === undefined) throw new Error('the browser did not show the mail');
  return sizes.split(' ').map((size) => {
    const [width, height] = size.split('x').map(Number);
    return { width: width!, height: Math.min(height!, MAX_HEIGHT) };
  });
}

const PAGE = 'page.html';

async function browse(folder: string, chromium: string, options: readonly string[]): Promise<string> {
  const all = [...quiet, `--user-data-dir=${folder}`, ...options, join(folder, PAGE)];
  const { stdout } = await run(chromium, all, limits);
  return stdout;
}

const limits = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 } as const;

const quiet = [
  '--headless',
  // Containers have no user namespaces; what is shown runs no script and reaches no network.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--disable-extensions',
  '--disable-background-networking',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--proxy-server=127.0.0.1:9',
];

/** Tells the sizes of the mails in the frames, for whoever reads the page's DOM. */
const script = `const frames = [...document.querySelectorAll('iframe')];
const sizeOf = ({ documentElement: root, body }) =>
  Math.max(root.scrollWidth, body.scrollWidth) + 'x' + Math.ceil(body.getBoundingClientRect().height);
onload = () => {
  document.documentElement.dataset.sizes = frames.map((frame) => sizeOf(frame.contentDocument)).join(' ');
};`;
const hash = createHash('sha256').update(script).digest('base64');
const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'`;

/**
 * Mails in frames in which no script runs and from which nothing is fetched: neither pictures nor anything else leaves
 * the machine. A frame's colour scheme is that of its element, so one browser shows both.
 */
function pageOf(mails: readonly string[], { width, scheme }: Looking, height: number): string {
  const frames = mails.map((html) => {
    const source = html.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    return `<iframe sandbox="allow-same-origin" srcdoc="${source}"></iframe>`;
  });
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<style>html,body{margin:0}iframe{display:block;border:0;width:${width}px;height:${height}px;color-scheme:${scheme}}</style></head>
<body>${frames.join('')}<script>${script}</script></body></html>`;
}
