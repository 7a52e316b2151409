import type { CustomerAddress } from '../../systems/bigcommerce/index.ts';
import type { CustomerData } from '../../systems/sap-ecc/index.ts';
import { fit, oneLine } from '../texts/index.ts';
import type { StoreCustomer } from './payload.ts';
import type { CustomerFlowSettings } from './settings.ts';

export type CustomerName = Pick<CustomerData, 'kind' | 'names' | 'firstName' | 'lastName'>;

/** Characters of each name field, and lines of a company's name. */
const longest = 40;
const mostLines = 4;

/** Who the customer is in SAP: by the names of the account, where it has none by those of the address. Undefined without any. */
export function nameOf(
  customer: StoreCustomer,
  address: CustomerAddress,
  { settings, notes }: { settings: CustomerFlowSettings; notes: string[] },
): CustomerName | undefined {
  const company = oneLine(customer.company) || oneLine(address.company);
  const [firstName, lastName] = personOf(customer, address);
  const person = `${firstName} ${lastName}`.trim();
  if (kindOf(customer, company, settings) === 'company') {
    const lines = wrap(company || person);
    const names = settings.contactLine && company && person ? [...lines, ...wrap(person)] : lines;
    const [name] = names;
    if (name === undefined) return undefined;
    if (names.length > mostLines) notes.push(`Name is cut to ${mostLines} lines of ${longest} characters: "${names.join(' / ')}"`);
    return { kind: 'company', names: names.slice(0, mostLines), firstName: '', lastName: '' };
  }
  if (!person) return undefined;
  const within = (text: string, field: string): string => fit(text, { field, longest }, notes);
  // SAP demands a last name.
  return {
    kind: 'person',
    names: [],
    firstName: lastName ? within(firstName, 'First name') : '',
    lastName: within(lastName || firstName, 'Last name'),
  };
}

function kindOf({ groupId }: StoreCustomer, company: string, { kind, companyGroups }: CustomerFlowSettings): CustomerData['kind'] {
  if (companyGroups.includes(groupId)) return 'company';
  if (kind !== 'by-company-name') return kind;
  return company ? 'company' : 'person';
}

function personOf(customer: StoreCustomer, address: CustomerAddress): [string, string] {
  const own: [string, string] = [oneLine(customer.firstName), oneLine(customer.lastName)];
  return own.some(Boolean) ? own : [oneLine(address.first_name), oneLine(address.last_name)];
}

/** In lines of SAP's length, at blanks where there are any. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (let rest = text; rest !== '';) {
    const end = lineEnd(rest);
    lines.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return lines;
}

function lineEnd(text: string): number {
  if (text.length <= longest) return text.length;
  const blank = text.lastIndexOf(' ', longest);
  if (blank > 0) return blank;
  // A character outside the basic plane is two units, which stay together.
  return /[\uD800-\uDBFF]$/.test(text.slice(0, longest)) ? longest - 1 : longest;
}
