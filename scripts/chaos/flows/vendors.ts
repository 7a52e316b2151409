import { startFlow, vendorFlow, usualPaymentTerms, type Cin7Supplier } from '../../landscape/index.ts';
import type { Row } from '../../sandbox/sap/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import type { Deviations } from '../deviations.ts';
import type { Lane } from '../lane.ts';
import { untilRest } from '../rest.ts';
import { anyMoment, begun, idle, ledgerPoint, lookUpAfterLoss, sapCall, settled, takenIn, targetCall } from '../steps.ts';
import type { ChaosFlow } from './flow.ts';

const supplier = (method: string) => (call: { method: string; path: string }) => call.method === method && /^supplier\b/i.test(call.path);

/** Vendor masters become suppliers: creations, changes, deprecations. */
export const vendorChaos: ChaosFlow = {
  id: vendorFlow,
  steps: [
    idle,
    anyMoment,
    sapCall('reading changes', { phase: 'before', tables: ['CDHDR'], nth: [1, 2] }),
    sapCall('reading a page', { phase: 'before', tables: ['LFA1', 'LFB1', 'ADRC', 'ADR6'], nth: [1, 4] }),
    sapCall('page read, answer on its way', { phase: 'after', tables: ['LFA1', 'LFB1', 'ADRC', 'ADR6'], nth: [2, 6] }),
    ledgerPoint('taken in', { ...takenIn(vendorFlow), nth: [1, 1] }),
    ledgerPoint('posting is on disk', { ...begun(vendorFlow), nth: [1, 6] }),
    targetCall('look before posting', { phase: 'before', matches: supplier('GET'), nth: [1, 8] }),
    targetCall('creating, not applied yet', { phase: 'before', matches: supplier('POST'), nth: [1, 4] }),
    targetCall('created, answer on its way', { phase: 'after', matches: supplier('POST'), nth: [1, 4] }),
    targetCall('updating, not applied yet', { phase: 'before', matches: supplier('PUT'), nth: [1, 1] }),
    targetCall('updated, answer on its way', { phase: 'after', matches: supplier('PUT'), nth: [1, 1] }),
    lookUpAfterLoss('look-up after a lost answer', {
      write: supplier('POST'),
      read: supplier('GET'),
      // The name may have the vendor's number behind it.
      about: (body) => (JSON.parse(body) as { Name: string }).Name.replace(/ \[\d+\]$/, ''),
    }),
    ledgerPoint('settling', { ...settled(vendorFlow), nth: [1, 6] }),
  ],
  async begin(lane) {
    const { landscape, customer } = lane;
    const { path, integrationId } = customer;
    await startFlow(landscape, customer);
    await untilRest(lane, () => compare(lane), 60_000);
    return {
      makeWork: (random) => makeWork(lane, random),
      run: async () => void (await landscape.relay.api.post(`${path}/runs`, { integrationId, flowId: vendorFlow })),
      compare: () => compare(lane),
    };
  },
};

const families = ['Hofmann', 'Weiß', "O'Brien", 'Łukasiewicz', 'Çelik', '上海明珠', 'Nguyễn', 'Ångström'];
const trades = ['Werkzeugbau', 'Metallhandel', 'Logistics', '贸易', 'Textil', 'Components'];
const towns: [postcode: string, town: string][] = [
  ['94032', 'Passau'],
  ['50667', 'Köln'],
  ['10115', 'Berlin'],
  ['01067', 'Dresden'],
  ['70173', 'Stuttgart'],
];
const terms = ['NT30', 'NT45', 'NT60', '0001'];
let made = 0;

async function makeWork({ landscape: { sap } }: Lane, random: Random): Promise<void> {
  const present = await sap.control.call('rows', { table: 'LFA1' });
  const mayChange = present.filter((row) => row['ERNAM'] === 'MMUELLER' && row['XCPDK'] !== 'X');
  for (let one = random.between(5, 9); one > 0; one--) await sap.control.call('create-vendor', newVendor(random));
  const chosen = new Set(Array.from({ length: random.between(4, 7) }, () => random.pick(mayChange)['LIFNR'] ?? ''));
  for (const number of chosen) await sap.control.call('change-vendor', { number, change: change(random) });
}

function newVendor(random: Random) {
  // Now and then two vendors of one name, which Cin7 does not take.
  const number = random.chance(0.9) ? ++made : made;
  const name = `${families[number % families.length]} ${trades[number % trades.length]} ${number} GmbH`;
  const [PSTLZ, ORT01] = random.pick(towns);
  return {
    general: { NAME1: name.slice(0, 35), STRAS: `Hauptstraße ${random.between(1, 200)}`, PSTLZ, ORT01, TELF1: `+49 ${random.digits(8)}` },
    companies: [{ BUKRS: '1000', AKONT: '0000160000', ZTERM: random.pick(terms) }],
    emails: [`buchhaltung${random.digits(6)}@lieferant.example.com`],
  };
}

function change(random: Random) {
  const [PSTLZ, ORT01] = random.pick(towns);
  return random.pick([
    { general: { STRAS: `Am Hafen ${random.between(1, 300)}`, PSTLZ, ORT01 } },
    { general: { TELF1: `+49 ${random.digits(9)}` } },
    { email: `neu${random.digits(6)}@lieferant.example.com` },
    { general: { SPERR: random.pick(['X', '']) } },
  ]);
}

async function compare({ landscape: { sap, cin7 }, ledger }: Lane): Promise<Deviations> {
  const [vendors, addresses, emails, companies, suppliers] = await Promise.all([
    sap.control.call('rows', { table: 'LFA1' }),
    sap.control.call('rows', { table: 'ADRC' }),
    sap.control.call('rows', { table: 'ADR6' }),
    sap.control.call('rows', { table: 'LFB1' }),
    cin7.suppliers(),
  ]);
  const addressOf = new Map(addresses.filter((row) => !row['NATION']).map((row) => [row['ADDRNUMBER'], row]));
  const emailsOf = Map.groupBy(emails, (row) => row['ADDRNUMBER']);
  const companiesOf = Map.groupBy(companies, (row) => row['LIFNR']);
  // Those of JD Edwards, which another flow brings, are not SAP's.
  const ofSap = suppliers.filter(({ Comments }) => !Comments.includes('JDE supplier'));
  const byNumber = Map.groupBy(ofSap, (one) => one.AdditionalAttribute1);
  const entries = new Map(ledger.newest(vendorFlow).map((entry) => [entry.key, entry]));
  const found: Deviations = { duplicates: [], losses: [], wrong: [] };
  for (const row of vendors) {
    const number = row['LIFNR'] ?? '';
    if (row['XCPDK'] === 'X') continue;
    const [one, ...more] = byNumber.get(number) ?? [];
    byNumber.delete(number);
    if (!one) {
      found.losses.push(`vendor ${number} ${row['NAME1']} has no supplier; the ledger says ${entries.get(number)?.state ?? 'nothing'}`);
      continue;
    }
    if (more.length > 0) found.duplicates.push(`vendor ${number} has ${more.length + 1} suppliers`);
    const entry = entries.get(number);
    if (entry?.state !== 'succeeded' || entry.targetId?.toLowerCase() !== one.ID.toLowerCase())
      found.losses.push(
        `supplier ${one.ID} of vendor ${number}: the ledger says ${entry ? `${entry.state} ${entry.targetId}` : 'nothing'}`,
      );
    const address = addressOf.get(row['ADRNR']);
    const mine = { row, address, emails: emailsOf.get(row['ADRNR']) ?? [], companies: companiesOf.get(number) ?? [] };
    found.wrong.push(...differences(mine, one).map((what) => `vendor ${number}: ${what}`));
  }
  for (const [number, [one]] of byNumber)
    found.duplicates.push(`supplier ${one?.Name} carries vendor number ${number || '(none)'}, which SAP has not`);
  return found;
}

interface InSap {
  row: Row;
  address: Row | undefined;
  emails: Row[];
  companies: Row[];
}

/** What can be told without mapping it all over again. */
function differences({ row, address, emails, companies }: InSap, supplier: Cin7Supplier): string[] {
  const [there] = supplier.Addresses as { Line1: string; City: string; Postcode: string }[];
  const contacts = supplier.Contacts as { Phone: string; Email: string }[];
  const email = (emails.find((one) => one['FLGDEFAULT'] === 'X') ?? emails[0])?.['SMTP_ADDR'] ?? '';
  const name = (address?.['NAME1'] || row['NAME1'] || '').trim();
  const street = `${address?.['STREET'] ?? ''} ${address?.['HOUSE_NUM1'] ?? ''}`.trim();
  const isBlocked = ['LOEVM', 'SPERR', 'SPERM'].some((flag) => row[flag] === 'X');
  const [company] = companies;
  const hasOneCompany = companies.length === 1 && company?.['LOEVM'] !== 'X' && company?.['SPERR'] !== 'X';
  return [
    ...(supplier.Name.startsWith(name) ? [] : [`is called ${name} in SAP and ${supplier.Name} in Cin7`]),
    ...(supplier.Addresses.length > 1 ? [`has ${supplier.Addresses.length} addresses`] : []),
    ...differ('street', street, street && there?.Line1),
    ...differ('town', address?.['CITY1'], there?.City),
    ...differ('telephone', address?.['TEL_NUMBER'], contacts.find(({ Phone }) => Phone === address?.['TEL_NUMBER'])?.Phone),
    ...differ('e-mail', email, contacts.find((one) => one.Email === email)?.Email),
    ...differ('status', isBlocked ? 'Deprecated' : 'Active', supplier.Status),
    ...(hasOneCompany ? differ('terms', usualPaymentTerms[company?.['ZTERM'] || '(empty)'], supplier.PaymentTerm) : []),
  ];
}

function differ(what: string, inSap: string | undefined, inCin7: string | undefined): string[] {
  return (inSap ?? '').trim() === (inCin7 ?? '').trim() ? [] : [`${what} is "${inSap}" in SAP and "${inCin7}" in Cin7`];
}
