/** What the acceptance page says, per language; a further language is a further entry. */
export interface AcceptWords {
  title: string;
  hello: string;
  intro: string;
  voluntary: string;
  button: string;
  done: string;
  doneText: string;
  invalid: string;
  invalidText: string;
  expired: string;
  expiredText: string;
}

const en: AcceptWords = {
  title: 'You are invited',
  hello: 'Hello {name}',
  intro:
    '{programme} is where colleagues at {company} find things worth sharing and tell them in their own words.',
  voluntary: 'Taking part is voluntary. You can pause or leave at any time, and nobody will ask why.',
  button: 'Join the programme',
  done: 'Welcome aboard, {name}',
  doneText: 'You are in. The first posts to share will come by mail; there is nothing else to set up.',
  invalid: 'This link does not work',
  invalidText:
    'It may have been cut off in the mail. Please open it again from the newest invitation you have.',
  expired: 'This invitation has run out',
  expiredText: 'Ask your programme team for a new one; they send it with one click.',
};
const it: AcceptWords = {
  title: 'Sei tra gli invitati',
  hello: 'Ciao {name}',
  intro:
    '{programme} è il posto dove chi lavora in {company} trova cose che vale la pena condividere e le racconta a modo suo.',
  voluntary:
    'La partecipazione è volontaria. Puoi fare una pausa o uscire quando vuoi, senza dare spiegazioni.',
  button: 'Partecipa al programma',
  done: 'Ti diamo il benvenuto, {name}',
  doneText: 'Fatto. I primi contenuti da condividere arriveranno per e-mail; non devi impostare altro.',
  invalid: 'Questo link non funziona',
  invalidText: 'Forse è stato troncato nel messaggio. Aprilo di nuovo dall’invito più recente.',
  expired: 'Questo invito è scaduto',
  expiredText: 'Chiedine uno nuovo al team del programma: lo invia con un clic.',
};
const pl: AcceptWords = {
  title: 'Masz zaproszenie',
  hello: 'Cześć {name}',
  intro:
    '{programme} to miejsce, w którym pracownicy {company} znajdują treści warte udostępnienia i opowiadają o nich po swojemu.',
  voluntary:
    'Udział jest dobrowolny. W każdej chwili można zrobić przerwę lub zrezygnować, bez podawania powodu.',
  button: 'Dołącz do programu',
  done: 'Witaj na pokładzie, {name}',
  doneText: 'Gotowe. Pierwsze treści do udostępnienia przyjdą e-mailem; nic więcej nie trzeba ustawiać.',
  invalid: 'Ten link nie działa',
  invalidText: 'Być może został ucięty w wiadomości. Otwórz go ponownie z najnowszego zaproszenia.',
  expired: 'To zaproszenie wygasło',
  expiredText: 'Poproś zespół programu o nowe; wysyła się je jednym kliknięciem.',
};
const ms: AcceptWords = {
  title: 'Anda dijemput',
  hello: 'Hai {name}',
  intro:
    '{programme} ialah tempat rakan sekerja di {company} menemui perkara yang berbaloi dikongsi dan menceritakannya dengan kata-kata sendiri.',
  voluntary:
    'Penyertaan adalah sukarela. Anda boleh berehat atau keluar pada bila-bila masa tanpa perlu memberi sebab.',
  button: 'Sertai program',
  done: 'Selamat datang, {name}',
  doneText:
    'Selesai. Kandungan pertama untuk dikongsi akan tiba melalui e-mel; tiada apa-apa lagi perlu disediakan.',
  invalid: 'Pautan ini tidak berfungsi',
  invalidText: 'Mungkin ia terpotong dalam e-mel. Sila buka semula daripada jemputan terbaharu anda.',
  expired: 'Jemputan ini telah tamat tempoh',
  expiredText: 'Minta jemputan baharu daripada pasukan program; mereka menghantarnya dengan satu klik.',
};

const words: Record<string, AcceptWords> = { en, it, pl, ms };

/** The words of a locale, of its language (`it-CH` → `it`), or English. */
export const acceptWords = (locale: string): AcceptWords =>
  words[locale] ?? words[locale.split('-')[0]!] ?? en;
