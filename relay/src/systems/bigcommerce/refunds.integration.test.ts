import type { Refund } from './index.ts';
import { scriptedStore } from './testing/index.ts';

/** As text, for the digits of the amounts to be as the store writes them. */
function aRefund(id: number, amounts: { total?: string; payment?: string } = {}): string {
  const { total = '50.10', payment = total } = amounts;
  return `{"id":${id},"order_id":180,"user_id":0,"created":"2024-06-16T16:44:15+00:00","reason":null,"total_amount":${total},"total_tax":-0.50,
    "uses_merchant_override_values":false,"items":[{"item_type":"PRODUCT","item_id":87,"quantity":1,"requested_amount":null,"reason":"","adjustments":[]}],
    "payments":[{"id":13,"provider_id":"storecredit","amount":${payment},"offline":true,"is_declined":false,"declined_message":""}]}`;
}

test('amounts, which are JSON numbers here, keep every digit', async () => {
  await using store = await scriptedStore(() => ({
    body: `{"data":${aRefund(12, { total: '9007199254740993.10', payment: '1e-7' })},"meta":{}}`,
  }));
  expect(await store.session.refunds.get(12, store.scope)).toEqual({
    id: 12,
    order_id: 180,
    created: '2024-06-16T16:44:15+00:00',
    reason: '',
    total_amount: '9007199254740993.10',
    total_tax: '-0.50',
    uses_merchant_override_values: false,
    items: [{ item_type: 'PRODUCT', item_id: 87, quantity: 1, requested_amount: null, reason: '' }],
    payments: [{ id: 13, provider_id: 'storecredit', amount: '0.0000001', offline: true, is_declined: false, declined_message: '' }],
  });
});

test('new refunds are read to the end of a list that says nothing about its pages', async () => {
  await using store = await scriptedStore(({ query }) => {
    const page = Number(query['page'] ?? 1);
    const rows = Array.from({ length: page < 3 ? 250 : 7 }, (_, index) => aRefund(page * 1000 + index));
    return { body: `{"data":[${rows.join(',')}],"meta":{}}` };
  });
  const found: Refund[] = [];
  for await (const page of store.session.refunds.created({ from: Date.UTC(2024, 5, 1), to: Date.UTC(2024, 6, 1) }, store.scope))
    found.push(...page);
  expect(found).toHaveLength(507);
  expect(store.asked[0]?.query).toMatchObject({ 'created:min': '2024-06-01T00:00:00Z', 'created:max': '2024-07-01T00:00:00Z' });
});

test('refunds of an order come by age; an unknown refund is nothing', async () => {
  await using store = await scriptedStore(({ path }) =>
    path === 'v3/orders/180/payment_actions/refunds'
      ? { body: `{"data":[${aRefund(13)},${aRefund(12)}],"meta":{}}` }
      : { status: 404, body: { status: 404, title: 'Not found', errors: {} } },
  );
  expect((await store.session.refunds.ofOrder(180, store.scope)).map(({ id }) => id)).toEqual([12, 13]);
  expect(await store.session.refunds.get(99, store.scope)).toBeUndefined();
});

test('a refund without its amount is told by number and order', async () => {
  await using store = await scriptedStore(() => ({ body: `{"data":${aRefund(12, { total: 'null', payment: '1' })},"meta":{}}` }));
  await expect(store.session.refunds.get(12, store.scope)).rejects.toMatchObject({
    verdict: 'refused',
    message: 'refund 12 of order 180: the store sent no usable row: total_amount is missing',
  });
});
