import type { ParsedMail } from 'mailparser';
import { markup, Markup } from './markup.js';
import { STYLE } from './page.style.js';
import type { CaughtMail } from './store.js';

const PER_PAGE = 100;

const TABS = { html: 'Mail', text: 'Plain text', headers: 'Headers' };

/** The three ways to look at a mail. */
export type Tab = keyof typeof TABS;

/** What the list page shows. */
export interface ListView {
  readonly mails: readonly CaughtMail[];
  readonly query: string;
  /** Counts from 1. */
  readonly page: number;
}

function layout(title: string, query: string, body: Markup): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <style>${new Markup(STYLE)}</style>
      </head>
      <body>
        <header>
          <h1><a href="/"><span>❦</span> Laurel mail</a></h1>
          <form action="/" role="search">
            <input type="search" name="q" value="${query}" placeholder="Recipient, subject or text" aria-label="Search mails">
            <button>Search</button>
          </form>
        </header>
        <main>${body}</main>
      </body>
    </html>`.source;
}

/** Wed, 04 Mar 2026 08:00:12 +0100 → 2026-03-04 08:00, as the sender's clock said. */
function shortDate(date: string): string {
  const [, day, month, year, time] = /(\d{1,2}) (\w{3}) (\d{4}) (\d{2}:\d{2})/.exec(date) ?? [];
  if (!day || !month || !year || !time) return date;
  const number = 'JanFebMarAprMayJunJulAugSepOctNovDec'.indexOf(month) / 3 + 1;
  return `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')} ${time}`;
}

function chip(template: string): Markup {
  return template ? markup`<span class="chip">${template}</span>` : markup``;
}

function row(mail: CaughtMail): Markup {
  return markup`<li><a href="/messages/${mail.id}">
    <b>${mail.subject || '(no subject)'}</b> <time>${shortDate(mail.date)}</time>
    <i>${mail.recipients.join(', ')}</i> ${chip(mail.template)}
  </a></li>`;
}

function turnPages({ mails, query, page }: ListView): Markup {
  const link = (to: number, label: string): Markup =>
    markup`<a href="/?${new URLSearchParams({ q: query, page: `${to}` }).toString()}">${label}</a>`;
  const newer = page > 1 ? link(page - 1, '← newer') : markup`<span></span>`;
  const older = page * PER_PAGE < mails.length ? link(page + 1, 'older →') : markup``;
  return markup`<nav class="pages">${newer}${older}</nav>`;
}

function emptyList(query: string): Markup {
  if (query) return markup`<p class="empty">No mail matches “${query}”. <a href="/">Show all</a></p>`;
  return markup`<p class="empty">No mail yet. Every mail that Laurel sends lands on this page, and nowhere else.</p>`;
}

/** The list of mails, newest first. */
export function listPage(view: ListView): string {
  const shown = view.mails.slice((view.page - 1) * PER_PAGE, view.page * PER_PAGE);
  const total = `${view.mails.length} ${view.mails.length === 1 ? 'mail' : 'mails'}`;
  const count = markup`<p class="note">${total}${view.query ? ` for “${view.query}”` : ''}</p>`;
  const list =
    shown.length > 0 ? markup`<ul class="mails card">${shown.map(row)}</ul>` : emptyList(view.query);
  return layout('Laurel mail', view.query, markup`${count}${list}${turnPages(view)}`);
}

/** A mail is foreign matter: no script runs, no form is sent, and a link opens in a tab of its own. */
function frame(parsed: ParsedMail): Markup {
  const document = `<base target="_blank">${parsed.html || ''}`;
  return markup`<iframe title="The mail as its reader sees it"
    sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${document}"></iframe>`;
}

function content(tab: Tab, parsed: ParsedMail): Markup {
  if (tab === 'headers') return markup`<pre>${parsed.headerLines.map(({ line }) => line).join('\n')}</pre>`;
  if (tab === 'text') return markup`<pre>${parsed.text || 'This mail has no plain text.'}</pre>`;
  return parsed.html ? frame(parsed) : markup`<p class="empty">This mail has no HTML part.</p>`;
}

function tab(id: number, current: Tab, [name, title]: [string, string]): Markup {
  const mark = name === current ? markup` aria-current="page"` : markup``;
  return markup`<a href="/messages/${id}?tab=${name}"${mark}>${title}</a>`;
}

/** One mail, in one of its three looks. */
export function mailPage(mail: CaughtMail, parsed: ParsedMail, current: Tab): string {
  const tabs = Object.entries(TABS).map((entry) => tab(mail.id, current, entry));
  const body = markup`<h2>${mail.subject || '(no subject)'} ${chip(mail.template)}</h2>
    <dl>
      <dt>To</dt><dd>${mail.recipients.join(', ')}</dd>
      <dt>From</dt><dd>${mail.from}</dd>
      <dt>Date</dt><dd>${mail.date}</dd>
    </dl>
    <nav>${tabs}</nav>
    <div class="card">${content(current, parsed)}</div>`;
  return layout(mail.subject || 'Laurel mail', '', body);
}

/** What a wrong address shows. */
export function missingPage(): string {
  const body = markup`<p class="empty">There is no such mail (any more). <a href="/">Back to the list</a></p>`;
  return layout('Not here', '', body);
}
