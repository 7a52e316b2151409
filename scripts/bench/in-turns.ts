import { sampled, type Sampled } from './report.ts';

/** What is compared, by name: each answers a rate. */
export type Contenders<Name extends string = string> = Record<Name, () => Promise<number>>;

/** One sample of each in turn after one that warms up, so that a slower minute of the machine meets all of them. */
export async function inTurns<Name extends string>(
  contenders: Contenders<Name>,
  samples: number,
  prepare: () => Promise<void> = async () => {},
): Promise<Record<Name, Sampled>> {
  const names = Object.keys(contenders) as Name[];
  const rates = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let sample = 0; sample <= samples; sample++) {
    for (const name of names) {
      await prepare();
      const rate = await contenders[name]();
      if (sample > 0) rates.get(name)?.push(rate);
    }
  }
  return Object.fromEntries([...rates].map(([name, list]) => [name, sampled(list)])) as Record<Name, Sampled>;
}
