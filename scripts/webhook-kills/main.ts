/**
 * `node scripts/bootstrap.mjs scripts/webhook-kills/main.ts [kills] [seed]`: a relay that takes webhooks is killed again and again (default 300 times).
 * Exits 1 when an event is missing that was answered 200.
 */
import { buildAll } from '../build.ts';
import { killWhileReceiving } from './kills.ts';

const [kills = 300, seed = 1] = process.argv.slice(2).map(Number);
await buildAll();
const databaseUrl = process.env['DATABASE_URL'];
const outcome = await killWhileReceiving({
  kills,
  seed,
  ...(databaseUrl !== undefined && { databaseUrl }),
  onKill: (number, answered) => {
    if (number % 10 === 0) console.log(`${number} kills, ${answered} deliveries answered 200`);
  },
});
const { answered, lost, repeated, twice } = outcome;
console.log(`${kills} kills, seed ${seed}: ${answered} answered 200, ${repeated} sent again, ${lost.length} lost, ${twice} stored twice`);
process.exitCode = lost.length + twice === 0 ? 0 : 1;
