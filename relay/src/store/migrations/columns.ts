import type { CreateTableBuilder, Kysely, sql } from 'kysely';

/** `id`, `text`, `integer`, `time` or a column referred to; `!` for not null. Types are those SQLite and PostgreSQL share. */
export function table(db: Kysely<unknown>, name: string, columns: Record<string, string>): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, spec] of Object.entries(columns)) {
    const type = spec.replace('!', '');
    const sqlType = type === 'time' ? 'bigint' : type === 'integer' ? 'integer' : 'text';
    builder = builder.addColumn(column, sqlType, (definition) => {
      if (type === 'id') return definition.primaryKey().notNull();
      const referring = type.includes('.') ? definition.references(type) : definition;
      return spec.endsWith('!') ? referring.notNull() : referring;
    });
  }
  return builder;
}

/** `where` makes it a partial index. */
export async function index(
  db: Kysely<unknown>,
  name: string,
  on: string,
  columns: string[],
  where?: ReturnType<typeof sql<boolean>>,
): Promise<void> {
  const builder = db.schema.createIndex(name).on(on).columns(columns);
  await (where ? builder.where(where) : builder).execute();
}
