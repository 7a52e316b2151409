import type { Report } from './report.ts';
import { tablePath } from './bulk/table-path.ts';
import { tunnelBulk } from './bulk/tunnel-bulk.ts';

/** Tables of millions of rows: through the tunnel alone, then all the way from SAP to the relay. */
export async function run(report: Report): Promise<void> {
  await tunnelBulk(report);
  await tablePath(report);
}
