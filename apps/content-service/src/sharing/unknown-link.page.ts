/** What a visitor sees who follows a link that does not lead anywhere (any more). */
export const unknownLinkPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>This link leads nowhere</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 17px/1.6 system-ui, sans-serif; max-width: 28rem; margin: 18vh auto; padding: 0 1.5rem; }
</style>
</head>
<body>
<h1>This link leads nowhere</h1>
<p>It may have been cut off on the way, or what it pointed to has been taken down. The person who shared it will know more.</p>
</body>
</html>
`;
