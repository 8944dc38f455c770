/** The words of the page of a share that is ready, in one language; `{network}` is filled in. */
export interface ReadyWords {
  locale: string;
  heading: string;
  text: string;
  confirm: string;
  made: string;
  madeText: string;
  open: string;
  over: string;
  overText: string;
  invalid: string;
  invalidText: string;
}

const words: readonly ReadyWords[] = [
  {
    locale: 'en',
    heading: 'Your share is ready',
    text: 'This is what you planned to share on {network}. Nothing happens before you press the button.',
    confirm: 'Make it mine',
    made: 'One step left',
    madeText: 'Your link is live. {network} opens with your words filled in; post them there.',
    open: 'Open {network}',
    over: 'This share is over',
    overText: 'It was cancelled, or its post is not shared any more.',
    invalid: 'This link does not work',
    invalidText: 'It may have been cut off in the mail, or its time has run out.',
  },
  {
    locale: 'it',
    heading: 'La tua condivisione è pronta',
    text: 'È ciò che volevi condividere su {network}. Non succede nulla finché non premi il pulsante.',
    confirm: 'Voglio condividerlo',
    made: 'Manca un passo',
    madeText: 'Il tuo link è attivo. {network} si apre con le tue parole: pubblicale lì.',
    open: 'Apri {network}',
    over: 'Questa condivisione non è più disponibile',
    overText: 'È stata annullata, oppure il suo articolo non si condivide più.',
    invalid: 'Questo link non funziona',
    invalidText: 'Forse è stato troncato nel messaggio, oppure il suo tempo è scaduto.',
  },
  {
    locale: 'pl',
    heading: 'Twoje udostępnienie jest gotowe',
    text: 'To chcesz udostępnić w {network}. Nic się nie stanie, dopóki nie naciśniesz przycisku.',
    confirm: 'Chcę to udostępnić',
    made: 'Został jeden krok',
    madeText: 'Twój link działa. {network} otworzy się z Twoim tekstem; opublikuj go tam.',
    open: 'Otwórz {network}',
    over: 'Tego już nie można udostępnić',
    overText: 'Zostało anulowane albo ten artykuł nie jest już udostępniany.',
    invalid: 'Ten link nie działa',
    invalidText: 'Mógł zostać ucięty w wiadomości albo jego czas minął.',
  },
  {
    locale: 'ms',
    heading: 'Perkongsian anda sudah sedia',
    text: 'Inilah yang anda rancang untuk dikongsi di {network}. Tiada apa-apa berlaku sebelum anda menekan butang.',
    confirm: 'Saya mahu kongsi',
    made: 'Tinggal satu langkah',
    madeText: 'Pautan anda aktif. {network} dibuka dengan kata-kata anda; siarkan di sana.',
    open: 'Buka {network}',
    over: 'Perkongsian ini sudah tamat',
    overText: 'Ia telah dibatalkan, atau artikelnya tidak lagi dikongsi.',
    invalid: 'Pautan ini tidak berfungsi',
    invalidText: 'Mungkin ia terpotong dalam e-mel, atau tempohnya sudah tamat.',
  },
];

/** The words of somebody's language (`it-CH` is `it`), else English. */
export const readyWords = (locale: string): ReadyWords =>
  words.find((item) => item.locale === locale.split('-')[0]!.toLowerCase()) ?? words[0]!;
