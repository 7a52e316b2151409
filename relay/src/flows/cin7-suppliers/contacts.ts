import type { Cin7Contact } from '../../systems/cin7-core/index.ts';
import { fit, oneLine } from '../texts/index.ts';

export interface Reachable {
  name: string;
  telephone: string;
  mobile: string;
  fax: string;
  /** The default one first. */
  emails: readonly string[];
}

/**
 * The company itself as default contact, with phones and the default e-mail, and one contact for each further e-mail. Fields without a
 * value are given as empty, so that what is removed in the source goes.
 */
export function toContacts({ name, telephone, mobile, fax, emails }: Reachable, notes: string[]): Cin7Contact[] {
  const within = (text: string, field: string, longest: number): string => fit(oneLine(text), { field, longest }, notes);
  const [main = '', ...others] = emails;
  return [
    {
      Name: within(name, 'Contact name', 256),
      Phone: within(telephone, 'Phone', 50),
      MobilePhone: within(mobile, 'MobilePhone', 50),
      Fax: within(fax, 'Fax', 50),
      Email: within(main, 'Email', 256),
      Default: true,
    },
    ...others.map((email) => {
      const address = within(email, 'Email', 256);
      return { Name: address, Email: address, Default: false };
    }),
  ];
}

/** False for a contact that says nothing but a name. */
export function isReachable({ Phone, MobilePhone, Fax, Email }: Cin7Contact): boolean {
  return [Phone, MobilePhone, Fax, Email].some(Boolean);
}
