import { mayGoOn } from './pages.ts';

export interface Span {
  from: number;
  to: number;
}

export interface ChangePage<Item> {
  items: Item[];
  /** Those that could not be understood as well: they say whether there may be more. */
  rows: number;
}

/** A list that can be read by time of change. Both ends of a span may be in or out of it: the store does not say. */
export interface ChangeSource<Item> {
  /** The oldest changes of the span, as many as go on a page. */
  page(span: Span): Promise<ChangePage<Item>>;
  /** Everything in the span, by id: what changes meanwhile moves nothing. */
  all(span: Span): AsyncGenerator<Item[], void, void>;
  /** `date_modified` in milliseconds, undefined where it is unreadable. */
  place(item: Item): { id: number; modifiedAt: number | undefined };
}

const second = 1000;

/**
 * What changed within the span, oldest change first. What is changed while it is read moves to the end of the list and would pull others over
 * the edge of a numbered page, so each request begins at the last change seen. Times have whole seconds: the overlap of one second finds
 * what came later in the same one, and a second with more changes than go on a page (an import) is read by id.
 */
export async function* readChanges<Item>(source: ChangeSource<Item>, { from, to }: Span): AsyncGenerator<Item[], void, void> {
  const first = wholeSecond(from);
  const seen = new Map<string, number>();
  let reached = first;
  const unseen = (items: Item[]): Item[] =>
    items.filter((item) => {
      const { id, modifiedAt = reached } = source.place(item);
      const key = `${id} ${modifiedAt}`;
      if (modifiedAt < first || modifiedAt > to || seen.has(key)) return false;
      seen.set(key, modifiedAt);
      return true;
    });

  for (;;) {
    const { items, rows } = await source.page({ from: reached - second, to });
    const found = unseen(items);
    if (found.length > 0) yield found;
    if (!mayGoOn(rows)) return;
    const latest = Math.max(0, ...items.map((item) => source.place(item).modifiedAt ?? 0));
    // The filter is not looked at, or no time can be read: to go on by time would go on for ever.
    if (latest < reached - second) {
      for await (const items of source.all({ from: reached - second, to })) {
        const more = unseen(items);
        if (more.length > 0) yield more;
      }
      return;
    }
    if (latest > reached) reached = latest;
    else {
      for await (const items of source.all({ from: reached - second, to: Math.min(to, reached + second) })) {
        const more = unseen(items);
        if (more.length > 0) yield more;
      }
      reached += second;
      if (reached > to) return;
    }
    for (const [key, modifiedAt] of seen) if (modifiedAt < reached - 2 * second) seen.delete(key);
  }
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / second) * second;
}
