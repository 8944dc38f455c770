/** Why a mail came back, in the words mail systems use for it. */
export interface Cause {
  name: string;
  /** hard: this address does not exist or will never take mail. soft: it may, later, or another mail. */
  kind: 'hard' | 'soft';
  /** Its words are common: a status code that speaks of the address is believed before them. */
  weak?: true;
  /** The enhanced status (RFC 3463) it amounts to where the report has none. */
  status: string;
  /** For a report that gives no reason in its own words. */
  sentence: string;
  /** Matched without regard to case against text of single spaces. */
  words: readonly RegExp[];
}

/**
 * The order matters: the first that fits is taken, so what excuses an address stands before what condemns it.
 * Words are from the mail systems' own sources and manuals (Exim, Postfix, Sendmail, qmail, Exchange, Domino, Courier), and from the
 * error pages of the large providers.
 */
export const CAUSES: readonly Cause[] = [
  {
    name: 'too_big',
    kind: 'soft',
    status: '5.3.4',
    sentence: 'The message is too big.',
    words: [
      /message (size|length)? ?(is )?(too (big|large)|exceeds|larger than|over)/,
      /(exceeds?|exceeded|over|larger than) (the )?(maximum|max\.?|fixed maximum|allowed|size|server|administrative|recipient'?s?)( \w+)? ?(message|mail)? ?size/,
      /(max(imum)?|message|mail) (message )?size (limit )?(was )?exceeded/,
      /(message|mail|e-mail|file) (is )?too (big|large|long)/,
      /size of (the|this|your) (message|mail) (exceeds|is (too|larger))/,
      /exceeds? (the )?(message )?size limit|larger than the current system limit/,
    ],
  },
  {
    name: 'mailbox_full',
    kind: 'soft',
    status: '5.2.2',
    sentence: 'The mailbox is full.',
    words: [
      /(over|exceed(s|ed|ing)?|beyond|out of) (\w+ ){0,5}(quota|disk space|storage|allocat)/,
      /reached (the |its |his |her )?(disk |mailbox )?quota|zuviele mails|quota (\w+ ){0,2}(exceed|full|violat|reached|limit)|quota-?exceeded|overquota|disk quota/,
      /(mailbox|mail box|inbox|mbox|mail ?folder|account|maildrop|mailfolder) (\S+ ){0,3}?(is |has |are )?(currently |already )?(full|over (the )?(quota|limit|size)|too (full|large))/,
      /mailbox (size )?(limit )?(has )?(been )?exceed|exceed\w* (\w+ ){0,3}mailbox|mail ?box (size )?(limit|exceed)/,
      /space (is )?not enough|insufficient (system |disk )?(storage|space)|not enough (storage|disk|space|room)|no (more )?(space|room) left|(out of|low on) (disk )?space/,
      /(full|exceeded) mailbox|mailbox_?full|storage (limit|allocation|quota|space) |cannot (store|save) (any )?more|user has (too many|exhausted)/,
      /has too many messages|too much mail|over (the )?(allowed|maximum) (quota|storage)|would (put|bring|take) (\S+ ){1,6}over/,
      /casella (di posta )?piena|buz[oó]n (\S+ )?lleno|bo[iî]te (aux lettres )?(est )?pleine|postfach (ist )?voll|caixa (postal )?cheia/,
      /przepe[lł]nion|skrzynk\S+ (jest )?pe[lł]n|переполнен|容量.{0,12}(超|オーバー)|メールボックス.{0,8}(一杯|いっぱい)|邮箱.{0,4}满/,
    ],
  },
  {
    name: 'greylisted',
    kind: 'soft',
    status: '4.7.1',
    sentence: 'The server asks to try again later.',
    words: [
      /gr[ea]y-?\s?list|receiving (e?mail|messages) (at a rate|too (quickly|fast))|temporarily (\w+ )?(disabled|locked|suspended|inactive|rejected|full|blocked)|temporar\w+ (deferred|rejected|failure|unavailable|error|problem|lookup|local)|(try|retry) (again )?(later|again|in \d)/,
      /(rate|connection|too many) (limit|messages|connections|recipients|mails|emails|invalid recipients|errors)|rate[- ]limit|throttl/,
      /(unusual|suspicious) (rate|volume|amount)|exceeded (the |its |your )?(rate|sending|hourly|daily|message rate)/,
    ],
  },
  {
    name: 'expired',
    weak: true,
    kind: 'soft',
    status: '4.4.7',
    sentence: 'The servers could not pass the message on in time.',
    words: [
      /fail\w* (after )?\d+ attempts|(delivery )?(time|retry time|retry timeout|message|queue) ?(has )?(expired|exceeded|too old)|retry timeout exceeded|retry time not reached/,
      /(could|can) ?not be delivered (for|in|within|after|during) (the (last|past)|more than|\d)|(been|was) in (the |our )?queue (too long|for|longer)|(maximum|exceeded) (\w+ ){0,2}(delivery attempts|retr(y|ies)|queue|time)/,
      /unable to deliver (this|the|your) message (for|after|within) |gave up|giv(en|ing) up (after|trying)|too long in queue|i('m| am) not going to try again; this message has been in the queue too long|delivery (attempts|timed out)/,
      /(connection|connect|conversation|operation|session|deadline|smtp|dialogue) (\S+ ){0,6}?(refused|timed? ?-?out|lost|dropped|reset|failed|died|closed|broken|unexpectedly)/,
      /connection refused|no route to host|network (is )?unreachable|host (is )?(unreachable|not responding|down)|could not connect|can ?not connect|couldn'?t (establish|make|find) (an )?(smtp|any) |unable to connect|failed to connect|not responding|no (answer|response) from|(server|host|mx) (is )?(not available|unavailable|down)|timed? ?out/,
    ],
  },
  {
    name: 'loop',
    kind: 'soft',
    status: '5.4.6',
    sentence: 'The message went round in a circle.',
    words: [
      /message looping|mail loop|too many hops|hop ?count|mail (forwarding )?loop|routing loop|loop(s)? (back|detected|to myself)|mail for \S+ loops back|too many received|maximum (number of )?hops/,
    ],
  },
  {
    name: 'sender',
    kind: 'soft',
    status: '5.7.1',
    sentence: 'The server does not take mail from this sender.',
    words: [
      /sender('?s)? (address |domain |e-?mail |host |id |\S+@\S+ )?(is |was |not |verify|verification|rejected|unknown|does|doesn't|invalid|refused|denied|blocked|domain)|domain of (the )?sender|verification failed for|callout|(^|[^a-z])from:? (address|domain|header|:) ?(is |does |not )|\bfrom: domain|unknown sender|invalid sender|bad sender|sender\W+(\S+ ){0,3}?(rejected|does not exist|unknown)|(return|reverse)[- ]path|mail from (\S+ )?(domain|address)|does not (like|accept) (the )?(sender|mail from)|backscatter|helo (command )?(rejected|\S+ )/,
    ],
  },
  {
    name: 'relaying',
    kind: 'soft',
    status: '5.7.1',
    sentence: 'The server does not pass on mail for this domain.',
    words: [
      /relay(ing)? (access |is |was )?(denied|not (permitted|allowed|possible)|prohibited|refused|disallowed|rejected)|as a relay|(not|isn't) an? (open )?relay|(unable|not allowed|not permitted|cannot|can't|don't|will not|we do not) (to )?relay|rcpthosts|no relaying|not a gateway/,
    ],
  },
  {
    name: 'attachment',
    kind: 'soft',
    status: '5.6.1',
    sentence: 'The server does not take mails like this one.',
    words: [
      /not accepting mail with (attachments|embedded)|(attachments?|file types?|executables?) (\S+ ){0,3}(not (allowed|accepted|permitted)|blocked|forbidden|prohibited)|not accepting (mail|messages|e-?mail) (from|with|because|of)/,
    ],
  },
  {
    name: 'host_unknown',
    kind: 'hard',
    status: '5.1.2',
    sentence: 'There is no such domain, or it takes no mail.',
    words: [
      /(unknown|no such|invalid|nonexistent|non-existent|bad) (mail )?(host|domain|server|site|destination (system|domain))|no (mx|mail server|mail exchanger|mail host|a record|dns (information|entry|record))|nullmx|null mx|name or service not known|nxdomain|couldn'?t find any host|all relevant mx records point to non-existent|domain does not exist|(dns|name) (lookup|resolution) fail|(could|can) ?not (be )?(resolve|find)d? (\S+ ){0,3}(host|domain|server)|illegal host\/domain|host unknown|domain (does not|doesn'?t) (accept|receive) mail|no mail service|(has|have) no mail exchangers|unresolvable/,
    ],
  },
  {
    name: 'disabled',
    kind: 'hard',
    status: '5.2.1',
    sentence: 'The mailbox is disabled.',
    words: [
      /(account|mailbox|mail box|address|user|recipient|e-?mail|domain)\W+(\S+ ){0,6}?(is |has been |was |are |been )?(currently |temporarily |now )?(disabled|deactivated|de-activated|inactive|suspended|discontinued|closed|terminated|locked|expired|frozen|cancelled|canceled)\b/,
      /(disabled|inactive|deactivated|suspended|closed|discontinued|expired|terminated) (e-?mail |user |mail )?(account|mailbox|user|recipient|address)/,
      /(user|account|mailbox|recipient|address|domain) (\S+ )?(is )?(not|no longer) (currently )?(active|in use|enabled|accepting|available|monitored|activated)|not (an )?active (user|account|address|mailbox)/,
      /not accepting (any )?(mail|messages|e-?mail)|(does|will) not accept (any )?(mail|e-?mail|messages)($|[ .,;)](?!from|with|because|of|that))|extended inactivity|invalid\/?inactive|mailbox disabled|disabled mailbox|(user|account) (is )?inactiv/,
    ],
  },
  {
    name: 'moved',
    kind: 'hard',
    status: '5.1.6',
    sentence: 'The person has left or moved.',
    words: [
      /(has|have) (moved|left the (company|organi[sz]ation)|changed (his|her|their|my|its) (e-?mail )?address)|(no longer|not) (works?|employed|working|with|at) (here|at|for|by|with|this|the|us)\b|(new|neue) (e-?mail )?address (is|ist)\b/,
      /address (has )?changed|user (has )?moved|recipient has left|user not local; please try|please (try|use) (the new address )?<?\S+@/,
    ],
  },
  {
    name: 'user_unknown',
    kind: 'hard',
    status: '5.1.1',
    sentence: 'There is no such mailbox.',
    words: [
      /(user|recipient|mailbox|account|address|addressee|alias|mail ?box|local[- ]part|username|login)\W+(\S+ ){0,6}?(is |was |are )?(unknown|not? (be )?(found|known|exist|recogni[sz]ed|listed|valid|present|registered|defined)|undefined|invalid|nonexistent|non-existent|unrecogni[sz]ed|rejected: (user|undeliverable|unknown|invalid|no such|mailbox|recipient|\d|account|does))/,
      /(unknown|no such|invalid|nonexistent|non-existent|not a valid|no valid|bad|illegal|unrecogni[sz]ed|not a known|wrong|incorrect|undeliverable) (e-?mail |local |smtp |or \w+ |destination |virtual |host or |domino |rcpt |internal )*(user|recipient|mailbox|account|address|addressee|alias|name|mail ?box|username|person|rcpt|users|local[- ]part|mail drop)/,
      /(does|do|did|doesn'?t|don'?t|didn'?t)( not)? (currently )?(exist|have (an?|any)( \S+)? (account|mailbox)|match|like recipient|resolve)/,
      /no (such )?(mailbox|user|account|recipient|one|person|address|mail ?box|alias|local mailbox|entry|deliverable|valid recipient)s? (\S+ ){0,3}?(here|by that|with that|called|named|found|in|exists?|known|at this|for)|no such (user|mailbox|recipient|account|address|person|local|uid|e-?mail)|no mailbox\b|sorry, no mailbox/,
      /(not|isn'?t) (\S+ ){0,2}?(listed|found|known|present|registered|a (valid|local|known) (user|mailbox|recipient|address|account)|our customer|a user|a mailbox|in (the )?(directory|domino|address book|name)|on (our|this|the) (system|server|site|list))/,
      /unroutea?ble (mail )?(address|user|recipient)|unrouteable|mailbox (name )?(not (found|available|allowed|local)|unavailable|invalid|unknown)|user doesn'?t|unknown (local[- ]part|recipient|user|mailbox|address)|user[_-]?unknown|bad[_-]recipient|user_?not_?found|usernotfound|recipnotfound|recipientnotfound/,
      /(couldn'?t|could not|can(not|'t)) (be )?(find|found|resolve[d]?|locate[d]?|match(ed)?)( \S+){0,4}? (user|mailbox|recipient|address|account|person|name)|no matches to nameserver|user \S+ not (in|found)|recipient (address )?rejected: (user|undeliver|unknown|invalid)|address (was )?not found|wasn'?t found at|(the )?e-?mail address (you entered|that you entered) could(n'?t| not) be found|unable to (find|locate)|(is )?not (a )?local/,
      /account (that you tried to reach|you tried)|this (user|account) doesn'?t|address could not be found|rcpt to .{0,80}(unknown|invalid|does not)|not our (user|customer)|bad destination (mailbox|email)|delivery to this (recipient|user|address) is (not allowed|restricted)$|utente sconosciuto|destinatario sconosciuto|usuario desconocido|utilisateur inconnu|destinataire inconnu|benutzer unbekannt|empf[aä]nger unbekannt|nie istnieje|nieznany (u[zż]ytkownik|odbiorca|adres)|brak (takiego )?(u[zż]ytkownika|konta|skrzynki)|nie ma takiego|tidak (ditemukan|wujud|dikenal)|不存在|查无此人|(あて先|宛先|ユーザ).{0,16}(不明|見つか|存在しま)|получател\S+ не (найден|существует)|не существует|не найден/,
      /5\.4\.1\b.{0,60}recipient address rejected: access denied|unrecogni[sz]ed[- ]or-?name|invalid (\w+ ){0,3}user ?id|(wrong or )?no longer (valid|exists?|on (this|the|our) server|in our)|n'existe pas|no existe|non esiste|existiert nicht|bestaat niet|finns inte|findes ikke|n[aã]o existe/,
      /5\.1\.10?\b/,
    ],
  },
  {
    name: 'host_unknown',
    kind: 'hard',
    status: '5.1.2',
    sentence: 'There is no such domain, or it takes no mail.',
    words: [
      /(host|domain|server|hostname|mx|site|zone)( name| or domain name)?\W+(\S+ ){0,5}?(is |was )?(unknown|not (be )?(found|known|exist|resolve)|does(n'?t| not) exist|nonexistent|non-existent|invalid|unresolvable)/,
    ],
  },
  {
    name: 'spam',
    kind: 'soft',
    status: '5.7.1',
    sentence: 'The server took the message for spam.',
    words: [
      /spam|junk|virus|malware|phish|black-? ?list|block(ed|list| list)|deny ?list|\brbl\b|dnsbl|spamhaus|spamcop|sorbs|barracuda|reputation|bulk e?-?mail|mass mail|unsolicited|content (reject|filter|den|block)|rejected (by|for|due to) (\S+ ){0,3}(policy|content|security|filter|rule)/,
    ],
  },
  {
    name: 'policy',
    weak: true,
    kind: 'soft',
    status: '5.7.1',
    sentence: 'The server refused the message by its rules.',
    words: [
      /policy|prohibit|forbidden|not (allowed|permitted|authori[sz]ed)|permission|(access|relay|sender|relaying|message|authorization|client) (is |was )?(denied|rejected|refused|restricted)|(administrative|security|local) (policy|reasons?|prohibition)|dmarc|\bspf\b|dkim|ptr|reverse (dns|lookup)|authenticat|unauthenticated|banned|suspicious|restricted|not accept(ed|able)?|refused|relaying|relay (access|not)|unable to relay|rcpthosts|listed (at|in|on|by)|attachment|forged|filter|unwanted|(message|mail) (was )?rejected|verification (failed|required)|challenge|requires? (confirmation|verification)|whitelist/,
    ],
  },
  {
    name: 'content',
    weak: true,
    kind: 'soft',
    status: '5.6.0',
    sentence: 'The server could not take this message.',
    words: [
      /conversion|8-?bit|charset|malformed|header (error|too)|invalid (content|header|message)|bare (lf|cr)|mime|syntax error|syntaxerror|no message collected|line too long/,
    ],
  },
  {
    name: 'system',
    weak: true,
    kind: 'soft',
    status: '5.3.0',
    sentence: 'The mail system had an error.',
    words: [
      /system (error|resources|problem|not)|(internal|local|server|configuration|software|i\/o|unexpected|internal server) (error|problem|failure)|can't create output|can't open|cannot open|service (not available|unavailable)|out of memory|mail system|deferred|could not complete|resources? (temporarily )?unavailable|protocol error/,
    ],
  },
];

/** The first cause whose words stand in the text. */
export function causeIn(text: string): Cause | undefined {
  const low = text.slice(0, 3_000).toLowerCase().replaceAll(/[‘’`]/g, "'").replaceAll(/\s+/g, ' ');
  return CAUSES.find(({ words }) => words.some((word) => word.test(low)));
}

/** The cause a status stands for, whatever its class. */
export const causeOf = (status: string | null): Cause | undefined =>
  status === null ? undefined : CAUSES.find((cause) => cause.status.slice(1) === status.slice(1));
