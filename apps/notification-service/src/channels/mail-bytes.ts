import MailComposer from 'nodemailer/lib/mail-composer';
import type { WordedMail } from './mail.js';

/** A mail as it goes over the wire (RFC 5322). Never reads a file or an address that stands in it. */
export const bytesOf = (mail: WordedMail): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const composer = new MailComposer({ ...mail, disableFileAccess: true, disableUrlAccess: true });
    composer.compile().build((error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
