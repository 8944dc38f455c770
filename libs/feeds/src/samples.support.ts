/** One small feed of every format, as people write them: each with three articles of which the last has the least. */
export const samples: Readonly<Record<string, string>> = {
  'RSS 0.91': `<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old</title><link>http://old.example/</link><description>x</description><language>en</language>
<item><title>First &amp; last</title><link>http://old.example/1</link><description>One</description></item>
<item><title>Second</title><link>http://old.example/2</link></item>
<item><description>Only words, no title</description></item></channel></rss>`,
  'RSS 0.90': `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Mozilla</title><link>http://moz.example</link></channel><image><title>Logo</title><url>http://moz.example/l.png</url></image>
<item><title>First</title><link>http://moz.example/1</link></item><item><title>Second</title><link>/2</link></item><item><title>Third</title></item></rdf:RDF>`,
  'RSS 1.0': `<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:s="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="http://one.example/"><title>One</title><link>http://one.example/</link><s:updatePeriod>daily</s:updatePeriod><s:updateFrequency>2</s:updateFrequency>
<items><rdf:Seq><rdf:li rdf:resource="http://one.example/a"/></rdf:Seq></items></channel>
<item rdf:about="http://one.example/a"><title>First</title><link>http://one.example/a</link><d:creator>Ada</d:creator><d:date>2026-01-02T03:04+01:00</d:date><c:encoded><![CDATA[<p>Hello</p>]]></c:encoded></item>
<item rdf:about="http://one.example/b"><title>Second</title></item><item rdf:about="http://one.example/c"/></rdf:RDF>`,
  'RSS 2.0': `<rss version="2.0" xmlns:it="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:m="http://search.yahoo.com/mrss/" xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0">
<channel><title>Two</title><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="http://two.example/feed"/><link>http://two.example/</link><ttl>90</ttl>
<item><title>A &lt;b&gt;bold&lt;/b&gt; move</title><link>http://burner.example/x</link><fb:origLink>http://two.example/1</fb:origLink><guid isPermaLink="false">g1</guid><pubDate>Tue, 03 Feb 2026 10:00:00 EST</pubDate><it:image href="http://two.example/1.jpg"/></item>
<item><title>Podcast</title><guid>http://two.example/2</guid><enclosure url="http://two.example/2.mp3" type="audio/mpeg" length="1"/><m:group><m:thumbnail url="http://two.example/2.png"/></m:group></item>
<item><enclosure url="http://two.example/3.mp3" type="audio/mpeg" length="1"/></item></channel></rss>`,
  'Atom 0.3': `<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Three</title><link rel="alternate" type="text/html" href="http://three.example/"/>
<entry><title mode="escaped" type="text/html">First &lt;i&gt;one&lt;/i&gt;</title><link rel="alternate" href="http://three.example/1"/><id>tag:three,1</id><issued>2003-12-13T08:29:29-04:00</issued><author><name>Ada</name></author></entry>
<entry><title mode="base64">U2Vjb25k</title><link rel="alternate" href="2"/></entry><entry><summary>Third</summary></entry></feed>`,
  'Atom 1.0': `<?xml version="1.0"?><a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="http://four.example/blog/"><a:title type="html">Four &amp;amp; more</a:title>
<a:entry><a:title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">First <b>one</b></div></a:title><a:link rel="edit" href="edit/1"/><a:link href="1" type="text/html"/><a:id>urn:1</a:id><a:updated>2026-02-03T10:00:00.5Z</a:updated><a:author><a:name>Ada</a:name><a:email>ada@four.example</a:email></a:author>
<a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello</p><script>alert(1)</script><img src="pic.png"/></div></a:content></a:entry>
<a:entry xml:base="http://other.example/"><a:title>Second</a:title><a:link href="2"/><a:source><a:title>Elsewhere</a:title><a:link href="http://else.example/"/></a:source></a:entry>
<a:entry><a:id>http://four.example/3</a:id></a:entry></a:feed>`,
  CDF: `<?XML VERSION="1.0"?><CHANNEL HREF="http://cdf.example/"><TITLE>Active</TITLE><ITEM HREF="http://cdf.example/1"><TITLE>First</TITLE><ABSTRACT>One</ABSTRACT></ITEM>
<ITEM HREF="http://cdf.example/2"><TITLE>Second</TITLE></ITEM><ITEM><A HREF="http://cdf.example/3"/></ITEM></CHANNEL>`,
  'JSON Feed 1.1': JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'Json',
    home_page_url: 'https://json.example/',
    items: [
      {
        id: '1',
        url: '/1',
        title: 'First',
        content_html: '<p>Hello <img src="/1.png"></p>',
        authors: [{ name: 'Ada' }],
        date_published: '2026-02-03T10:00:00Z',
      },
      { id: 2, url: 'https://json.example/2', content_text: 'Only words' },
      { id: 'https://json.example/3', author: { name: 'Bob' } },
    ],
  }),
};
