import { asObject } from './request.ts';
import { addCustomer } from './seed/catalog.ts';
import { inventOrder, orderKinds, type OrderKind } from './seed/order-kinds.ts';
import {
  archiveOrder,
  cancelOrder,
  declineRefund,
  editOrder,
  payOrder,
  placeOrder,
  refundKinds,
  refundOrder,
  shipOrder,
  type NewShipment,
  type OrderEdit,
  type RefundKind,
} from './orders/actions.ts';
import { isoZ, wholeSecond } from './dates.ts';
import { nextId, type CustomerAddressRow, type CustomerRow } from './state.ts';
import { setStatus, orderOf, type Store } from './store.ts';

/** What can happen in the store by somebody's hand; each answers the row it made or changed. Control calls have the same names. */
export const actions = {
  /** `kind` default `simple`; `count` default 1; `lines` default as the kind has them. */
  placeOrder: (store: Store, { kind = 'simple', count = 1, lines }: { kind?: OrderKind; count?: number; lines?: number }) => {
    if (!orderKinds.includes(kind)) throw new Error(`there is no kind '${kind as string}'; known: ${orderKinds.join(', ')}`);
    const { state, identity, random } = store;
    const ids = Array.from(
      { length: count },
      () =>
        placeOrder(store, inventOrder(kind, { state, identity, random, createdAt: store.now(), ...(lines !== undefined && { lines }) }))
          .header.id,
    );
    return { orderId: ids[0], orderIds: ids };
  },
  /** `count` orders of all kinds but the one with 1,200 lines. */
  placeOrders: (store: Store, { count }: { count: number }) => {
    const { state, identity, random } = store;
    const kinds = orderKinds.filter((kind) => kind !== 'veryLong');
    const orderIds = Array.from({ length: count }, (_, at) => {
      const kind = kinds[at % kinds.length] ?? 'simple';
      return placeOrder(store, inventOrder(kind, { state, identity, random, createdAt: store.now() })).header.id;
    });
    return { orderIds };
  },
  payOrder: (store: Store, { orderId }: OrderNumber) => payOrder(store, orderId).header,
  cancelOrder: (store: Store, { orderId }: OrderNumber) => cancelOrder(store, orderId).header,
  archiveOrder: (store: Store, { orderId }: OrderNumber) => archiveOrder(store, orderId).header,
  editOrder: (store: Store, { orderId, ...edit }: OrderNumber & OrderEdit) => editOrder(store, orderId, edit).header,
  shipOrder: (store: Store, { orderId, ...shipment }: OrderNumber & NewShipment) => shipOrder(store, orderId, shipment),
  setStatus: (store: Store, { orderId, statusId }: OrderNumber & { statusId: number }) => {
    const order = orderOf(store, orderId);
    setStatus(store, order, statusId);
    return order.header;
  },
  refundOrder: (store: Store, { orderId, kind = 'partial' }: OrderNumber & { kind?: RefundKind }) => {
    if (!refundKinds.includes(kind)) throw new Error(`there is no kind '${kind as string}'; known: ${refundKinds.join(', ')}`);
    return refundOrder(store, orderId, kind);
  },
  declineRefund: (store: Store, { refundId }: { refundId: number }) => declineRefund(store, refundId),
  createCustomer: (store: Store, fields: Record<string, unknown>) => {
    const customer = addCustomer(store.state, fields, store.now());
    for (const address of Array.isArray(fields['addresses']) ? fields['addresses'] : []) {
      const row: CustomerAddressRow = { ...asObject(address), id: nextId(store.state, 'customerAddress'), customer_id: customer.id };
      customer.addresses.push(row);
    }
    store.emit('store/customer/created', { type: 'customer', id: customer.id });
    return shown(customer);
  },
  updateCustomer: (store: Store, { customerId, ...fields }: { customerId: number } & Record<string, unknown>) => {
    const customer = store.state.customers.get(customerId);
    if (!customer) throw new Error(`there is no customer ${customerId}`);
    Object.assign(customer, fields, { modifiedAt: wholeSecond(store.now()) });
    store.emit('store/customer/updated', { type: 'customer', id: customerId });
    return shown(customer);
  },
  deleteCustomer: (store: Store, { customerId }: { customerId: number }) => {
    if (store.state.customers.delete(customerId)) store.emit('store/customer/deleted', { type: 'customer', id: customerId });
    return {};
  },
} as const;

interface OrderNumber {
  orderId: number;
}

function shown({ createdAt, modifiedAt, ...customer }: CustomerRow): object {
  return { ...customer, date_created: isoZ(createdAt), date_modified: isoZ(modifiedAt) };
}
