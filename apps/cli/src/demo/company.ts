import { Random } from './random.js';

/** A colleague of the sample company. */
export interface Colleague {
  readonly email: string;
  readonly name: string;
  readonly externalId: string;
  readonly locale: string;
  readonly zone: string;
  readonly location: string;
  readonly department: string;
  readonly team: string;
  readonly seniority: 'executive' | 'lead' | 'senior' | 'employee';
  readonly lead: string | null;
  readonly joinedOn: string;
  /** Invited in this wave, 0 being the pilot. */
  readonly wave: 0 | 1 | 2;
  /** Shares a week when all goes well. */
  readonly zeal: number;
  /** How many people usually follow a link this colleague shares. */
  readonly reach: number;
}

interface Office {
  readonly location: string;
  readonly locale: string;
  readonly zone: string;
  readonly given: readonly string[];
  readonly family: readonly string[];
}

const words = (text: string): string[] => text.split(' ');

/** Four countries, four languages. All names are made up from common ones. */
const offices: readonly Office[] = [
  {
    location: 'London',
    locale: 'en',
    zone: 'Europe/London',
    given: words(
      'Alice Ben Chloe Daniel Ella Freddie Grace Harry Isla Jack Kate Leo Maya Noah Olive Peter Ruby Sam Tess Will',
    ),
    family: words(
      'Archer Bennett Clarke Dawson Ellis Foster Green Hughes Irwin Jarvis Knight Lowe Mercer Nash Owens Palmer Reed Shaw Turner Wood',
    ),
  },
  {
    location: 'Rome',
    locale: 'it',
    zone: 'Europe/Rome',
    given: words(
      'Alessia Bruno Chiara Davide Elena Fabio Giulia Ivano Laura Marco Nadia Paolo Rita Sandro Teresa Ugo Valeria Luca Marta Dario',
    ),
    family: words(
      'Amato Barone Costa Damico Esposito Ferri Galli Leone Marini Neri Orlandi Parisi Riva Sala Testa Valli Villa Conti Greco Serra',
    ),
  },
  {
    location: 'Warsaw',
    locale: 'pl',
    zone: 'Europe/Warsaw',
    given: words(
      'Agata Bartosz Celina Damian Ewa Filip Hanna Igor Joanna Kamil Lena Marek Natalia Oskar Paulina Rafał Sylwia Tomasz Wanda Zofia',
    ),
    family: words(
      'Adamczyk Bielak Cichy Dudek Filipek Gajda Hajduk Jasny Kaczor Lis Mazurek Nowicki Olszak Pawlik Rogala Sikora Tokarz Urban Wrona Zając',
    ),
  },
  {
    location: 'Kuala Lumpur',
    locale: 'ms',
    zone: 'Asia/Kuala_Lumpur',
    given: words(
      'Aisyah Azlan Farah Hafiz Intan Jamal Khadijah Latif Mariam Nizam Nurul Osman Putri Rahim Salmah Tariq Umar Wani Yusof Zainab',
    ),
    family: words(
      'Abdullah Bakar Daud Embong Fauzi Ghani Hamid Ibrahim Jalil Kassim Mansor Nordin Othman Rashid Salleh Talib Wahab Yaakob Zain Rosli',
    ),
  },
];
const departments = words('Sales Engineering People Marketing Operations');

/** About 120 people in four offices, five departments each; the same seed gives the same company. */
export function sampleCompany(seed: number, size = 120): Colleague[] {
  const random = new Random(seed);
  const seats = Array.from({ length: size }, (_, index) => seatOf(index));
  const leads = new Map<string, string>();
  return seats.map((seat) => colleague(seat, random, leads));
}

interface Seat {
  index: number;
  office: Office;
  department: string;
  /** Place within the office, from 0. */
  place: number;
}

function seatOf(index: number): Seat {
  const office = offices[index % offices.length]!;
  const place = Math.floor(index / offices.length);
  return { index, office, place, department: departments[place % departments.length]! };
}

/** The first of a team leads it; the first two of London and the first of each other office are executives. */
function seniorityOf({ place, office }: Seat, random: Random): Colleague['seniority'] {
  if (place === 0 || (place === 1 && office.location === 'London')) return 'executive';
  if (place < departments.length) return 'lead';
  return random.chance(0.3) ? 'senior' : 'employee';
}

function colleague(seat: Seat, random: Random, leads: Map<string, string>): Colleague {
  const { office, department, index, place } = seat;
  const given = office.given[place % office.given.length]!;
  const family = office.family[(place * 7 + Math.floor(place / office.given.length)) % office.family.length]!;
  const email = `${ascii(given)}.${ascii(family)}@northwind.example`;
  const seniority = seniorityOf(seat, random);
  const team = `${department} ${office.location}`;
  const lead = leads.get(team) ?? null;
  if (!lead) leads.set(team, email);
  const zeal = seniority === 'executive' ? 1.2 : random.pick([0.2, 0.4, 0.6, 0.9, 1.2, 1.6, 2.4, 3.5]);
  return {
    email,
    name: `${given} ${family}`,
    externalId: `NW-${1e3 + index}`,
    department,
    team,
    seniority,
    lead,
    zeal,
    locale: office.locale,
    zone: office.zone,
    location: office.location,
    joinedOn: `20${random.between(15, 25)}-0${random.between(1, 9)}-1${random.between(0, 9)}`,
    wave: seniority === 'executive' || zeal >= 2.4 ? 0 : random.chance(0.5) ? 1 : 2,
    reach: random.pick([1, 2, 3, 4, 6, 9]) * (seniority === 'executive' ? 1.5 : 1),
  };
}

const ascii = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('ł', 'l')
    .normalize('NFD')
    .replace(/[^a-z]/g, '');

/** The company as the CSV its directory would export. */
export function asCsv(people: readonly Colleague[]): string {
  const header = 'external_id,name,email,locale,zone,team,department,location,seniority,lead,joined_on';
  const lines = people.map((person) =>
    [
      person.externalId,
      person.name,
      person.email,
      person.locale,
      person.zone,
      person.team,
      person.department,
      person.location,
    ]
      .concat(person.seniority, person.lead ?? '', person.joinedOn)
      .join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}
