/** Rows of one subject, one after the other. */
export interface Group<Row> {
  subjectId: string;
  /** To be read once; what is left unread is passed over by the next `next()`. */
  rows: AsyncIterable<Row>;
}

/** Groups pages of rows that come in order of their subjects. Holds one page at a time, however long a group is. */
export function grouped<Row extends { subject_id: string }>(pages: AsyncGenerator<Row[]>): { next(): Promise<Group<Row> | undefined> } {
  let page: Row[] = [];
  let place = 0;
  let isOver = false;
  let current: string | undefined;

  async function peek(): Promise<Row | undefined> {
    while (place >= page.length && !isOver) {
      const { value, done } = await pages.next();
      if (done) isOver = true;
      else [page, place] = [value, 0];
    }
    return page[place];
  }

  async function* rowsOf(subjectId: string): AsyncGenerator<Row> {
    for (;;) {
      // Rows at hand go without waiting: there are many.
      const row = place < page.length ? page[place] : await peek();
      if (row?.subject_id !== subjectId) return;
      place++;
      yield row;
    }
  }

  return {
    async next() {
      if (current !== undefined) for await (const _left of rowsOf(current));
      const row = await peek();
      current = row?.subject_id;
      return row && { subjectId: row.subject_id, rows: rowsOf(row.subject_id) };
    },
  };
}
