export { FakeShop, fakeShopSystem, fakeWebhooks, shopSettings, signed } from './fake-shop.ts';
export { openReceiver, type ReceiverBench } from './receiver-bench.ts';
