/** A request that the data service does not understand; it becomes status 500 with a ServiceErrorResponse. */
export class QueryRefusal extends Error {
  override readonly name = 'QueryRefusal';
}
