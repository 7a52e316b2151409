export { qualified } from './columns.ts';
export { toQuery } from './conditions.ts';
export { browseBody, countBody, type Asker } from './data-request.ts';
export { readPageBody, type Page } from './page.ts';
export { readQuery } from './read-query.ts';
