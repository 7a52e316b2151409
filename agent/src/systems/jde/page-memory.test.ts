import { grow, openPageMemories } from './page-memory.ts';

test('memory that was given back is used again, unless it is far too large', () => {
  const memories = openPageMemories();
  const one = memories.take();
  grow(one, 1000, 0);
  memories.give(one);
  expect(memories.take()).toBe(one);
  const large = memories.take();
  expect(large).not.toBe(one);
  grow(large, 9 * 1024 * 1024, 0);
  memories.give(large);
  expect(memories.take()).not.toBe(large);
});

test('memory that grows keeps what stands in it', () => {
  const memory = openPageMemories().take();
  grow(memory, 5, 0);
  memory.bytes.write('Größe');
  const { length } = memory.bytes;
  grow(memory, length + 1, 7);
  expect(memory.bytes.length).toBeGreaterThan(length);
  expect(memory.bytes.toString('utf8', 0, 7)).toBe('Größe');
});
