import { z } from 'zod';
import { oidcSchema } from './oidc.ts';

const port = z.int().min(0).max(65_535);
const level = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);

/** relay.yaml. Every key has a default; paths are relative to the data folder. */
export const relayConfigSchema = z.strictObject({
  http: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .default('127.0.0.1')
        .describe('Address to listen on; a reverse proxy with TLS stands before any other than loopback'),
      port: port.default(8080).describe('0 takes a free one'),
      publicUrl: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('How people and systems reach the relay; default: host and port'),
      trustedProxies: z.array(z.string().min(1)).default([]).describe('Addresses of reverse proxies whose X-Forwarded-For is believed'),
    })
    .prefault({}),
  tunnel: z
    .strictObject({
      host: z.string().min(1).default('0.0.0.0').describe('Address to listen on for agents'),
      port: port.default(8443).describe('0 takes a free one'),
      relayName: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/)
        .default('relay')
        .describe('Name that agents sign their proofs for; never change it while agents are enrolled'),
      publicAddress: z
        .string()
        .regex(/^[^\s:/]+(?::\d{1,5})?$/)
        .optional()
        .describe('host:port as agents reach it, written into enrolment tokens; default: localhost and the port'),
      heartbeatSeconds: z
        .int()
        .min(1)
        .max(300)
        .default(15)
        .describe('Quiet time before a ping, so that firewalls keep the tunnel open; three without an answer end it'),
      certificate: z
        .strictObject({
          certFile: z.string().min(1).describe('PEM, with the chain'),
          keyFile: z.string().min(1).describe('PEM'),
        })
        .optional()
        .describe('Certificate of the tunnel; without it the relay makes its own authority, which agents pin when they enrol'),
    })
    .prefault({}),
  database: z
    .strictObject({
      file: z.string().min(1).optional().describe('SQLite file; default: relay.sqlite'),
      url: z
        .string()
        .regex(/^postgres(?:ql)?:\/\/[^/]/, 'must be postgres://user:password@host:port/database')
        .optional()
        .meta({ secret: true })
        .describe('PostgreSQL instead of a file: postgres://user:password@host:port/database?sslmode=verify-full'),
      poolSize: z.int().min(2).max(200).default(10).describe('Connections to PostgreSQL'),
      statementSeconds: z.int().min(5).max(3600).default(60).describe('After this long PostgreSQL gives a statement up'),
    })
    .refine(({ file, url }) => file === undefined || url === undefined, {
      path: ['url'],
      error: 'cannot stand beside file: the relay has one database, an SQLite file or PostgreSQL',
    })
    .prefault({}),
  masterKeyFile: z.string().min(1).default('master.key').describe('Key that encrypts secrets at rest; made at the first start'),
  alerts: z
    .strictObject({
      allowLoopback: z.boolean().default(false).describe("Whether channels may name services of the relay's own machine"),
      allowPrivate: z
        .boolean()
        .default(false)
        .describe(
          "Whether channels may name addresses of private networks, such as a mail server of one's own; leave it off where tenants are strangers to the relay's network",
        ),
    })
    .prefault({})
    .describe('Where alerts may be sent; link-local and metadata addresses never'),
  connections: z
    .strictObject({
      allowLoopback: z
        .boolean()
        .default(false)
        .describe("Whether addresses in the settings of connections (baseUrl) may be services of the relay's own machine"),
      allowPrivate: z
        .boolean()
        .default(false)
        .describe(
          "Whether they may be of private networks, such as a gateway of one's own; leave it off where tenants are strangers to the relay's network",
        ),
    })
    .prefault({})
    .describe('Where the relay may call cloud systems; link-local and metadata addresses never'),
  oidc: oidcSchema,
  sap: z
    .strictObject({
      messages: z
        .string()
        .optional()
        .describe("JSON file with explanations of messages of one's own SAP systems; they come before those that ship with the relay"),
    })
    .prefault({}),
  logs: z.strictObject({ level: level.default('info') }).prefault({}),
  limits: z
    .strictObject({
      bodyBytes: z.int().min(1024).max(100_000_000).default(1_000_000).describe('Largest request body of the API'),
      failedSignInsPerMinute: z.int().min(1).default(20).describe('Per address, before the answer is 429'),
      stopSeconds: z.int().min(1).max(600).default(30).describe('Time to finish what is running when asked to stop'),
      lostAnswerSeconds: z
        .int()
        .min(1)
        .max(86_400)
        .default(60)
        .describe('How long after a lost answer a target may still apply what was sent; only then is "not there" believed'),
      quietSeconds: z
        .int()
        .min(0)
        .max(300)
        .default(10)
        .describe('How long it is quiet about a thing that webhooks tell of, before it is read: one purchase makes several'),
      webhookBodyBytes: z
        .int()
        .min(16_384)
        .max(10_000_000)
        .default(262_144)
        .describe('Largest body of a webhook; the larger ones are refused with 413'),
    })
    .prefault({}),
});
export type RelayYaml = z.output<typeof relayConfigSchema>;
