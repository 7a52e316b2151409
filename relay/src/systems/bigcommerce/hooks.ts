import { z } from 'zod';
import type { CallScope } from '../system.ts';
import type { StoreCall, StoreClient } from './client.ts';
import { essentialText, flag, id, isRow, readRow } from './fields.ts';
import { unlessMissing } from './outcomes.ts';
import { dataOf, readAllV3 } from './pages.ts';

/** One subscription of this API account; those of others cannot be seen (facts/bigcommerce.md 5.1). */
export interface Hook {
  id: number;
  scope: string;
  destination: string;
  isActive: boolean;
  headers: Readonly<Record<string, string>>;
}

export interface BigCommerceHooks {
  list(scope: CallScope): Promise<Hook[]>;
  /** Done twice it would leave one: the store refuses a second one of the same scope and destination. */
  create(hook: Pick<Hook, 'scope' | 'destination' | 'headers'>, scope: CallScope): Promise<void>;
  update(hookId: number, change: { isActive?: boolean; headers?: Hook['headers'] }, scope: CallScope): Promise<void>;
  /** One that is gone already is gone. */
  delete(hookId: number, scope: CallScope): Promise<void>;
}

const row = z.object({
  id,
  scope: essentialText,
  destination: essentialText,
  is_active: flag,
  headers: z.unknown().optional().transform(plainHeaders),
});

const needs = 'store_v2_default';
const path = 'v3/hooks';
/** Headers are secrets, our own and those that others gave to the same account's hooks; also in an answer that broke off within them. */
const conceal = (text: string): string =>
  text.replace(/"headers"\s*:\s*\{(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^"}])*(?:\}|$)/g, '"headers":"(hidden)"');

/** The same, and the values wherever they stand: a refusal may repeat them. */
function concealing(headers: Hook['headers'] = {}): (text: string) => string {
  return (text) =>
    Object.values(headers).reduce((shown, value) => (value === '' ? shown : shown.replaceAll(value, '(hidden)')), conceal(text));
}

export function openHooks(client: StoreClient): BigCommerceHooks {
  const common = { needs, conceal } as const satisfies Partial<StoreCall>;
  return {
    async list(scope) {
      const rows = await readAllV3(client, { ...common, path, doing: 'reading the webhooks' }, scope);
      return rows.map(toHook);
    },
    async create({ scope: topic, destination, headers }, scope) {
      const call = { ...common, doing: `creating the webhook ${topic}`, effect: 'once', conceal: concealing(headers) } as const;
      const body = { scope: topic, destination, is_active: true, headers };
      const { json } = await client({ ...call, method: 'POST', path, body }, scope);
      dataOf(json, call, 'once');
    },
    async update(hookId, { isActive, headers }, scope) {
      const body = { ...(isActive === undefined ? {} : { is_active: isActive }), ...(headers === undefined ? {} : { headers }) };
      const call = { ...common, doing: `changing webhook ${hookId}`, conceal: concealing(headers) };
      await client({ ...call, method: 'PUT', path: `${path}/${hookId}`, body }, scope);
    },
    async delete(hookId, scope) {
      const call = { ...common, method: 'DELETE', path: `${path}/${hookId}`, doing: `removing webhook ${hookId}` } as const;
      await unlessMissing(client(call, scope));
    },
  };
}

function toHook(json: unknown): Hook {
  const { id: hookId, scope, destination, is_active, headers } = readRow(row, json, 'webhook');
  return { id: hookId, scope, destination, isActive: is_active, headers };
}

/** Names in lower case, for they are compared. */
function plainHeaders(value: unknown): Record<string, string> {
  if (!isRow(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name.toLowerCase(), typeof text === 'string' ? text : '']));
}
