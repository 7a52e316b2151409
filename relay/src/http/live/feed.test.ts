import { createListeners } from '../../store/changes.ts';
import { openLiveFeed } from './feed.ts';

test('so many changes are remembered, and of a place before them nothing is claimed', () => {
  const { hear, listen } = createListeners();
  using feed = openLiveFeed({ listen }, 3);
  const seqs = [feed.seq()];
  for (const id of ['a', 'b', 'c', 'd']) {
    hear({ about: 'record', tenantId: id === 'c' ? 'ten_2' : 'ten_1', id });
    seqs.push(feed.seq());
  }
  const missed = seqs.map((seq) => feed.since(seq, 'ten_1')?.map(({ id }) => id));
  expect(missed).toEqual([undefined, ['b', 'd'], ['d'], ['d'], []]);
});

test.each(['', 'x', 'AAAAAAAA.0', '.1'])('the place "%s" of nowhere is not known', (seq) => {
  using feed = openLiveFeed(createListeners());
  expect(feed.since(seq, 'ten_1')).toBeUndefined();
});

test('a place that is still to come is not known', () => {
  using feed = openLiveFeed(createListeners());
  expect(feed.since(feed.seq().replace('.0', '.7'), 'ten_1')).toBeUndefined();
});
