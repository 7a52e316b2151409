import { createGate } from './gates.ts';

const breaker = { after: 3, firstMs: 1000, capMs: 60_000 };

test('opens after so many failures in a row, then lets one trial through at a time', () => {
  const gate = createGate({ ...breaker, random: () => 0.5 });
  gate.failed(0);
  gate.failed(0);
  gate.answered();
  gate.failed(0);
  gate.failed(0);
  expect(gate.allowed(0)).toBe(Infinity);
  gate.failed(0);
  expect([gate.allowed(0), gate.allowed(499), gate.allowed(500)]).toEqual([0, 0, 1]);
});

test('stays open longer with every trial that fails, calls that were still under way do not count', () => {
  const gate = createGate({ ...breaker, random: () => 0.5 });
  for (const _call of [1, 2, 3, 4, 5]) gate.failed(0);
  expect(gate.opensAt).toBe(500);
  gate.failed(500);
  expect(gate.opensAt).toBe(500 + 1000);
  gate.failed(1500);
  expect(gate.opensAt).toBe(1500 + 2000);
  gate.answered();
  expect(gate.allowed(1501)).toBe(Infinity);
});

test('someone who says that it works again closes it, but does not end a halt', () => {
  const gate = createGate({ ...breaker, random: () => 0.5 });
  for (const _call of [1, 2, 3]) gate.failed(0);
  gate.setHalted(true);
  gate.reset();
  expect(gate.allowed(0)).toBe(0);
  gate.setHalted(false);
  expect(gate.allowed(0)).toBe(Infinity);
});
