import { createServer } from 'node:net';

/**
 * A mail server that takes everything at once and keeps nothing, in a process of its own: the same for both sides. Tells how many mails
 * it took when asked, and at once when one comes for an address that somebody waits for.
 */
let taken = 0;
const awaited = new Set();
const ENDING = '\r\n.\r\n';

function serve(socket) {
  let text = '';
  let inData = false;
  let recipient = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      const end = text.indexOf(inData ? ENDING : '\r\n');
      if (end < 0) break;
      const line = inData ? '.' : text.slice(0, end);
      text = text.slice(end + (inData ? ENDING.length : 2));
      socket.write(answer(line));
    }
  });

  function answer(line) {
    if (inData) {
      inData = false;
      taken++;
      if (awaited.delete(recipient)) process.send({ arrived: recipient, at: Date.now() });
      return '250 taken\r\n';
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return '250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n';
    if (verb === 'RCPT') recipient = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'DATA') {
      inData = true;
      return '354 go on\r\n';
    }
    return verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
  }
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', ({ ask, wait }) => {
  if (wait) awaited.add(wait);
  if (ask) process.send({ taken });
});
