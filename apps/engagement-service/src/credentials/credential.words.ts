/** The words of the page of a credential, in one language; `{name}`, `{company}` and `{date}` are filled in. */
export interface CredentialWords {
  locale: string;
  awarded: string;
  somebody: string;
  by: string;
  valid: string;
  expired: string;
  revoked: string;
  revokedText: string;
  take: string;
  how: string;
}

const words: readonly CredentialWords[] = [
  {
    locale: 'en',
    awarded: 'Awarded to {name}',
    somebody: 'a colleague',
    by: '{company}, {date}',
    valid: 'This badge is genuine and valid.',
    expired: 'This badge is genuine; its time is over.',
    revoked: 'This badge was taken back',
    revokedText: 'It was issued here once, and is no longer valid.',
    take: 'Take it along',
    how: 'Each picture carries the signed credential inside (Open Badges 3.0). A wallet or a verifier of badges can read it.',
  },
  {
    locale: 'it',
    awarded: 'Assegnato a {name}',
    somebody: 'una persona del team',
    by: '{company}, {date}',
    valid: 'Questo badge è autentico e valido.',
    expired: 'Questo badge è autentico, ma è scaduto.',
    revoked: 'Questo badge è stato ritirato',
    revokedText: 'È stato rilasciato qui e non è più valido.',
    take: 'Portalo con te',
    how: 'Ogni immagine contiene la credenziale firmata (Open Badges 3.0), che un portafoglio o un verificatore di badge può leggere.',
  },
  {
    locale: 'pl',
    awarded: 'Odznaka przyznana: {name}',
    somebody: 'osoba z zespołu',
    by: '{company}, {date}',
    valid: 'Ta odznaka jest autentyczna i ważna.',
    expired: 'Ta odznaka jest autentyczna, ale jej ważność minęła.',
    revoked: 'Ta odznaka została cofnięta',
    revokedText: 'Została tu wydana i nie jest już ważna.',
    take: 'Zabierz ją ze sobą',
    how: 'Każdy obraz zawiera podpisane poświadczenie (Open Badges 3.0), które odczyta portfel lub weryfikator odznak.',
  },
  {
    locale: 'ms',
    awarded: 'Dianugerahkan kepada {name}',
    somebody: 'seorang rakan sekerja',
    by: '{company}, {date}',
    valid: 'Lencana ini tulen dan sah.',
    expired: 'Lencana ini tulen; tempohnya sudah tamat.',
    revoked: 'Lencana ini telah ditarik balik',
    revokedText: 'Ia pernah dikeluarkan di sini dan tidak lagi sah.',
    take: 'Bawa bersama anda',
    how: 'Setiap gambar membawa kelayakan yang ditandatangani (Open Badges 3.0). Dompet atau pengesah lencana boleh membacanya.',
  },
];

/** The words of somebody's language (`it-CH` is `it`), else English. */
export const credentialWords = (locale: string): CredentialWords =>
  words.find((item) => item.locale === locale.split('-')[0]!.toLowerCase()) ?? words[0]!;
