import { SystemError } from '@ml-connector/shared';
import type { DocumentId } from './cursor.ts';
import { nameOf } from './headers.ts';

/** So many documents that cannot be had whole are no longer single documents: something else is wrong, and the reading must not go on. */
const mostUnread = 200;
const mostNamed = 10;

/** The documents that could not be had whole. */
export class Problems {
  readonly #open = new Map<string, { id: DocumentId; problem: SystemError | undefined }>();

  add(id: DocumentId, problem: SystemError): void {
    this.#open.set(nameOf(id), { id, problem });
  }

  /** Known from an earlier reading and not tried in this one. */
  keep(ids: readonly DocumentId[]): void {
    for (const id of ids) this.#open.set(nameOf(id), { id, problem: undefined });
  }

  solved(id: DocumentId): void {
    this.#open.delete(nameOf(id));
  }

  ids(): DocumentId[] {
    return [...this.#open.values()].map(({ id }) => id);
  }

  refuseTooMany(): void {
    if (this.#open.size > mostUnread) this.throwIfAny();
  }

  throwIfAny(): void {
    const found = [...this.#open.values()].flatMap(({ problem }) => problem ?? []);
    const [first] = found;
    if (!first) return;
    const named = found.slice(0, mostNamed).map(({ message }) => message);
    const more = found.length > mostNamed ? ` and ${found.length - mostNamed} more` : '';
    throw new SystemError(
      'SAP_DOCUMENTS_INCOMPLETE',
      'refused',
      `${found.length} documents could not be read whole: ${named.join('; ')}${more}`,
      {
        cause: first,
        ...(first.fix && { fix: `${first.fix} They are tried again with every run; all others were read.` }),
      },
    );
  }
}
