import { z } from 'zod';

const text = (what: string): z.ZodString => z.string().min(1).max(512).describe(what);
const secret = (name: string): z.ZodOptional<z.ZodNever> =>
  z.never(`${name} must not stand in this file; store the password with \`ml-agent credentials set <system>\``).optional();

const shape = z.strictObject({
  type: z.literal('jde'),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'the address of AIS, for instance https://ais.example.com:7777/jderest' })
    .describe('Address of the AIS server up to and with its context path: https://<host>:<port>/jderest; the version (/v2) is added to it'),
  user: text('JD Edwards user of the connector'),
  environment: text('Environment to sign on to: JPD920'),
  role: text('Role to sign on with').default('*ALL'),
  deviceName: z
    .string()
    .regex(/^[\w.-]{1,80}$/, 'letters, digits, dot, hyphen and underscore')
    .optional()
    .describe('Name of this agent at AIS, which must stay the same; made of the machine and the system when left out'),
  caFile: text('PEM file with the certificates of a private CA, absolute path').optional(),
  loginMethod: z
    .enum(['token', 'basic'])
    .default('token')
    .describe('token: one session for all calls; basic: the password with every call, for sites that allow nothing else'),
  pageSize: z.int().min(10).max(5_000).default(500).describe('Rows of one read call'),
  timeoutSeconds: z.number().min(1).max(3600).default(120).describe('Longest time one call may take'),
  maxConcurrent: z
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe('Most calls at once, shared by all flows; each takes a thread of the HTML server'),
  decimals: z
    .record(z.string().regex(/^[FV][A-Z0-9]{1,9}\.[A-Z][A-Z0-9]{1,9}$/, 'table and alias: F4311.UORG'), z.int().min(-9).max(9))
    .default({})
    .describe(
      'Columns whose numbers AIS delivers with the decimal point in the wrong place, and by how many digits it moves to the left: F4311.UORG: 2 reads 1250 as 12.50',
    ),
  password: secret('password'),
  token: secret('token'),
});

/** One JD Edwards system of agent.yaml, without its name. Refuses passwords, in the address too. */
export const jdeSystemConfig = shape.superRefine((settings, context) => {
  for (const message of problemsOf(settings.baseUrl)) context.addIssue({ code: 'custom', path: ['baseUrl'], message });
});
export type JdeConnectionSettings = z.infer<typeof shape>;

function problemsOf(baseUrl: string): string[] {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url) return [];
  const found: string[] = [];
  if (url.username || url.password) found.push('user and password must not stand in the address; name the user in `user`');
  if (url.search || url.hash) found.push('an address ends with its path; leave out what follows ? or #');
  if (/\/v[123]\/?$/.test(url.pathname)) found.push('leave out the version at the end; it is added by the agent');
  return found;
}
