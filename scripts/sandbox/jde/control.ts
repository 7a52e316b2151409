import type { Actions } from './actions.ts';
import { json, type Answer } from './api/answers.ts';
import { forgetCalls } from './calls.ts';
import type { Row } from './data/index.ts';
import type { Fault } from './faults.ts';
import type { SimParts } from './parts.ts';
import type { Person, Stamp } from './person.ts';
import { restart, restartWith } from './restart.ts';
import type { Site } from './site.ts';

export interface ControlParts {
  parts: SimParts;
  person: Person;
  actions: Actions;
}

type Handler = (control: ControlParts, body: Record<string, unknown>) => unknown;

/** What tests and the demo steer a separate process with; no logon. JSON both ways. */
export function answerControl(control: ControlParts, { method, path, text }: { method: string; path: string; text: string }): Answer {
  const what = `${method} ${path.replace(/^\/__control\/?/, '')}`;
  const handler = what.startsWith('POST actions/') ? act(what.slice('POST actions/'.length)) : handlers[what];
  if (!handler) return json({ error: `There is no control call '${what}'; known: ${Object.keys(handlers).join(', ')}` }, 404);
  try {
    return json(handler(control, (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>) ?? {});
  } catch (error) {
    return json({ error: String(error) }, 400);
  }
}

/** `POST actions/cancelLine {"DOCO":"4501","LNID":"1.000"}` */
function act(name: string): Handler | undefined {
  return ({ actions }, body) => {
    const action = (actions as unknown as Record<string, ((args: unknown) => unknown) | undefined>)[name];
    if (!action) throw new Error(`there is no action '${name}'; known: ${Object.keys(actions).join(', ')}`);
    return action(body);
  };
}

const handlers: Readonly<Record<string, Handler>> = {
  'GET snapshot': ({ parts }) => ({
    rows: parts.database.counts(),
    sessions: parts.sessions.open().map(({ token: _token, ...session }) => session),
    ...parts.sessions.counts,
    locked: parts.sessions.locked,
    cursors: parts.cursors.size,
    isDown: parts.isDown,
    now: new Date(parts.clock.now()).toISOString(),
    today: parts.clock.today(),
    site: parts.site,
  }),
  'GET calls': ({ parts: { calls, faults } }) => ({ calls, faults: faults.happened, waiting: faults.pending() }),
  'GET log': ({ parts }) => parts.log,
  'DELETE calls': ({ parts }) => forgetCalls(parts),
  'POST faults': ({ parts }, body) => parts.faults.add(body as unknown as Fault),
  'DELETE faults': ({ parts }) => parts.faults.clear(),
  'POST site': ({ parts }, body) => Object.assign(parts.site, body as Partial<Site>),
  /** `{"ms": 86400000}` */
  'POST clock': ({ parts }, body) => {
    parts.clock.advance(Number(body['ms']));
    return { now: new Date(parts.clock.now()).toISOString(), today: parts.clock.today() };
  },
  'POST restart': ({ parts }, body) => restart(parts, Number(body['downMs'] ?? 0)),
  'POST down': ({ parts }) => restartWith(parts, { isDown: true }),
  'DELETE down': ({ parts }) => void (parts.isDown = false),
  'DELETE tokens': ({ parts }) => parts.sessions.expireAll(),
  'DELETE html-sessions': ({ parts }) => parts.sessions.expireHtmlSessions(),
  'DELETE cursors': ({ parts }) => parts.cursors.expireAll(),
  'POST lock': ({ parts }) => parts.sessions.lock(parts.site.user.name),
  'DELETE lock': ({ parts }) => parts.sessions.unlock(parts.site.user.name),
  'POST rows': ({ parts }, body) => ({ rows: parts.database.table(String(body['table'])).matching((body['where'] ?? {}) as Row) }),
  'POST insert': ({ person }, body) => person.insert(String(body['table']), body['row'] as Row, body['stamp'] as Stamp | undefined),
  'POST update': ({ person }, body) => ({
    rows: person.update(String(body['table']), body['where'] as Row, body['change'] as Row, body['stamp'] as Stamp | undefined),
  }),
  'POST delete': ({ person }, body) => ({ rows: person.remove(String(body['table']), body['where'] as Row) }),
};
