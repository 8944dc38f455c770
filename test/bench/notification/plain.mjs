import { createTransport } from 'nodemailer';
import { Programme } from '../../../dist/apps/notification-service/src/programme/programme.js';
import { Threads } from '../../../dist/apps/notification-service/src/templates/threads.js';
import { sampleLinks } from '../../../dist/apps/notification-service/src/templates/writer.js';
import { root } from '../stage.mjs';

const programme = new Programme(`${root}programme`);

/** Letters to people, written by the very threads of the service; and how many a second. */
export async function writeLetters(people, template, data) {
  const threads = new Threads();
  await threads.use({ directory: `${root}programme/templates`, settings: programme.settings });
  const orders = people.map(({ name, locale }) => ({
    id: template,
    to: { name, locale },
    data,
    links: sampleLinks,
  }));
  await threads.write(orders.slice(0, 500));
  const begin = performance.now();
  const letters = [];
  for (let from = 0; from < orders.length; from += 100)
    letters.push(...(await threads.write(orders.slice(from, from + 100))));
  const perSecond = (orders.length * 1000) / (performance.now() - begin);
  await threads.close();
  return { letters: letters.map(({ letter }) => letter), perSecond };
}

/** Mails a second by Nodemailer alone: as many connections, the same words, the same headers. */
export async function sendPlainly(url, people, letters) {
  const transport = createTransport({ url, pool: true, maxConnections: 10, maxMessages: Infinity });
  const mails = people.map(({ name, email }, index) => ({
    messageId: `<${index}@northwind.example>`,
    from: { name: programme.settings.sender.name, address: programme.settings.sender.email },
    to: { name, address: email },
    subject: letters[index].subject,
    html: letters[index].html,
    text: letters[index].text,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'Content-Language': letters[index].locale,
      'List-Id': '<voices.northwind.example>',
      'List-Unsubscribe': `<${sampleLinks.unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'X-Laurel-Template': 'bench',
      'X-Laurel-Intent': '0123456789abcdef0123456789abcdef',
    },
  }));
  await Promise.all(mails.slice(0, 200).map((mail) => transport.sendMail(mail)));
  const begin = performance.now();
  await Promise.all(mails.map((mail) => transport.sendMail(mail)));
  const perSecond = (mails.length * 1000) / (performance.now() - begin);
  transport.close();
  return perSecond;
}
