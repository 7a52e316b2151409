import type { OrderAddressRow, TaxPlan } from '../orders/plan.ts';

/** A country with its money and taxes; rates are invented where no shop would mind. */
export interface Market {
  currency: string;
  locale: string;
  /** The usual rate first, then a reduced one. */
  taxes: TaxPlan[][];
  people: OrderAddressRow[];
}

function tax(name: string, percent: number, classId = 1): TaxPlan {
  return { name, rate: BigInt(Math.round(percent * 10_000)), classId, className: classId === 1 ? 'Default Tax Class' : 'Reduced' };
}

function person(row: string): OrderAddressRow {
  const [
    first_name = '',
    last_name = '',
    company = '',
    street_1 = '',
    street_2 = '',
    city = '',
    state = '',
    zip = '',
    country = '',
    country_iso2 = '',
    phone = '',
    email = '',
  ] = row.split('|');
  return { first_name, last_name, company, street_1, street_2, city, state, zip, country, country_iso2, phone, email };
}

export const markets = {
  germany: {
    currency: 'EUR',
    locale: 'de',
    taxes: [[tax('USt 19%', 19)], [tax('USt 7%', 7, 4)]],
    people: [
      'Jürgen|Müller-Lüdenscheidt|Müller & Söhne GmbH & Co. KG|Königsallee 27|Hinterhaus|Düsseldorf|Nordrhein-Westfalen|40212|Germany|DE|+49 211 555010|juergen@mueller-soehne.example',
      'Änne|Größer||Weißenburger Straße 3||München|Bayern|81667|Germany|DE||aenne.groesser@post.example',
      "Seán|O'Brien|O'Brien Import Ltd.|Speicherstadt 12|3. OG|Hamburg|Hamburg|20457|Germany|DE|+49 40 555777|sean@obrien.example",
      '伟|王|深圳华为达电子有限公司 Zweigniederlassung|Hansaallee 201||Düsseldorf|Nordrhein-Westfalen|40549|Germany|DE|+49 211 555088|wang.wei@hwd.example',
      'Maximiliane-Charlotte|Freifrau von und zu Hohenstein-Waldburg|Internationale Handels- und Beteiligungsgesellschaft für Industriebedarf mbH|Am Alten Rathaus 1||Tübingen|Baden-Württemberg|72070|Germany|DE||mc@hohenstein.example',
    ].map(person),
  },
  austria: {
    currency: 'EUR',
    locale: 'de-AT',
    taxes: [[tax('USt 20%', 20)], [tax('USt 10%', 10, 4)]],
    people: ['Renée|Ötzlinger||Mariahilfer Straße 88a/17||Wien|Wien|1070|Austria|AT||renee@oetzlinger.example'].map(person),
  },
  unitedStates: {
    currency: 'USD',
    locale: 'en-US',
    taxes: [[tax('State Tax', 6.25), tax('County Tax', 1.25)], [tax('State Tax', 6.25)]],
    people: [
      "Shaun|D'Angelo|Nickel & Dime LLC|100 Main St|Suite 4|Houston|Texas|77002|United States|US|+1 713 555 0100|shaun@nickel-dime.example",
      'Mary Ann|Smith||5 Elm Ave||Springfield|Illinois|62701|United States|US||maryann@smith.example',
    ].map(person),
  },
  japan: {
    currency: 'JPY',
    locale: 'ja',
    taxes: [[tax('消費税 10%', 10)], [tax('消費税 8%', 8, 4)]],
    people: ['花子|田中|株式会社田中商店|丸の内1-1-1||千代田区|Tokyo|100-0005|Japan|JP|+81 3 5555 0101|hanako@tanaka.example'].map(person),
  },
  kuwait: {
    currency: 'KWD',
    locale: 'en',
    taxes: [[tax('VAT', 5)]],
    people: [
      'Yusuf|Al-Sabah|Gulf Trading Co.|Salem Al Mubarak St 9||Kuwait City|Al Asimah|13001|Kuwait|KW|+965 5550 0123|yusuf@gulftrading.example',
    ].map(person),
  },
} as const satisfies Record<string, Market>;
export type MarketName = keyof typeof markets;
