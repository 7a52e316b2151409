import { openSlots } from './slots.ts';

const never = new AbortController().signal;

test('so many are in at once, and who waits comes in by turn', async () => {
  const slots = openSlots(2);
  const came: number[] = [];
  const first = await slots.take(never);
  await slots.take(never);
  const third = slots.take(never).then((slot) => (came.push(3), slot));
  const fourth = slots.take(never).then((slot) => (came.push(4), slot));
  expect(came).toEqual([]);
  first[Symbol.dispose]();
  first[Symbol.dispose](); // a second time gives nothing back
  (await third)[Symbol.dispose]();
  await fourth;
  expect(came).toEqual([3, 4]);
});

test('who gives up waiting takes nobody’s place', async () => {
  const slots = openSlots(1);
  const first = await slots.take(never);
  const giver = new AbortController();
  const second = slots.take(giver.signal);
  const third = slots.take(never);
  giver.abort(new Error('cancelled'));
  await expect(second).rejects.toThrow('cancelled');
  first[Symbol.dispose]();
  await expect(third).resolves.toBeDefined();
});
