import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { decodePage, readFeed, readPage } from './index.js';

const feed = (encoding: string, title: string): string =>
  `<?xml version="1.0" encoding="${encoding}"?><rss version="2.0"><channel><title>${title}</title></channel></rss>`;
const titleOf = (bytes: Uint8Array, charset?: string): string | undefined => {
  const reading = readFeed(bytes, { charset });
  return reading.ok ? reading.title : undefined;
};

describe('a feed is decoded', () => {
  it.each([
    ['utf-8', 'Łódź 日本'],
    ['shift_jis', '日本語のニュース'],
    ['euc-jp', '日本語のニュース'],
    ['euc-kr', '한국어 소식'],
    ['gb2312', '中文新闻'],
    ['big5', '中文新聞'],
    ['koi8-r', 'Новости дня'],
    ['windows-1251', 'Новости дня'],
    ['windows-1252', 'Notícias “já”'],
    ['iso-8859-2', 'Łódź i Gdańsk'],
    ['iso-8859-15', 'Prix 5 €'],
    ['cp437', 'façade'],
  ])('as %s when it says so', (encoding, title) => {
    expect(titleOf(iconv.encode(feed(encoding, title), encoding))).toBe(title);
  });

  it.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])(
    'as %s, with and without a byte order mark',
    (encoding) => {
      const text = feed('utf-8', 'Łódź 日本');
      for (const addBOM of [true, false])
        expect(titleOf(iconv.encode(text, encoding, { addBOM }))).toBe('Łódź 日本');
    },
  );

  it('as what its bytes are when they belie what is written', () => {
    expect(titleOf(iconv.encode(feed('iso-8859-1', 'Łódź'), 'utf-8'))).toBe('Łódź');
    expect(titleOf(iconv.encode(feed('utf-16', 'Łódź'), 'utf-8'))).toBe('Łódź');
    expect(titleOf(iconv.encode(feed('utf-8', 'Notícias'), 'latin1'))).toBe('Notícias');
    expect(titleOf(iconv.encode(feed('no-such-thing', 'Notícias'), 'latin1'))).toBe('Notícias');
  });

  it('as the header says when nothing else does', () => {
    const bare = '<rss version="2.0"><channel><title>Новости дня</title></channel></rss>';
    expect(titleOf(iconv.encode(bare, 'koi8-r'), 'KOI8-R')).toBe('Новости дня');
  });

  it('as UTF-8 without the one character that a cut has broken', () => {
    const whole = Buffer.from('<rss><channel><title>Łódź, Gdańsk, Świdnica ż');
    expect(titleOf(whole.subarray(0, -1))).toBe('Łódź, Gdańsk, Świdnica');
  });
});

describe('a page is decoded', () => {
  const summaryOf = (meta: string, encoding: string, charset?: string): string => {
    const html = `<html><head>${meta}<meta name="description" content="Новости дня"></head></html>`;
    return readPage(decodePage(iconv.encode(html, encoding), charset), 'https://page.example/').summary;
  };

  it('as the header says, else as its meta says, else as UTF-8', () => {
    const old = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">';
    expect(summaryOf('', 'utf-8')).toBe('Новости дня');
    expect(summaryOf('<meta charset="koi8-r">', 'koi8-r')).toBe('Новости дня');
    expect(summaryOf(old, 'windows-1251')).toBe('Новости дня');
    expect(summaryOf(old, 'koi8-r', 'KOI8-R')).toBe('Новости дня');
  });
});
