import { z } from 'zod';

const text = (what: string): z.ZodString => z.string().min(1).max(512).describe(what);
const flag = (what: string): z.ZodOptional<z.ZodUnion<readonly [z.ZodString, z.ZodNumber]>> =>
  z.union([z.string(), z.number()]).optional().describe(what);
/** Two or three digits that YAML may have read as a number (`sysnr: 00`). */
const digits = (count: number, what: string) =>
  z
    .union([
      z.string().regex(new RegExp(`^\\d{${count}}$`), `${count} digits, in quotes`),
      z
        .int()
        .min(0)
        .max(10 ** count - 1),
    ])
    .transform((value) => String(value).padStart(count, '0'))
    .describe(what);
const secret = (name: string, advice: string) => z.never(`${name} must not stand in this file; ${advice}`).optional();
const storePassword = 'store the password with `ml-agent credentials set <system>`';

/** Parameters that go to the NW RFC SDK as they are, by their SDK names (facts/node-rfc.md 2.2). */
const connection = {
  ashost: text('Application server, host name or address').optional(),
  sysnr: digits(2, 'Instance number of the application server; the port is 33NN').optional(),
  mshost: text('Message server, for logon by load balancing').optional(),
  msserv: flag('Message server port or service: 36NN or sapms<SID>'),
  r3name: text('System id, for logon by load balancing').optional(),
  sysid: text('System id (SID)').optional(),
  group: text('Logon group; PUBLIC when left out').optional(),
  saprouter: text('SAProuter string: /H/<host>/S/3299/H/').optional(),
  gwhost: text('Gateway host, where it is not the application server').optional(),
  gwserv: flag('Gateway service or port: sapgwNN, 33NN'),
  wshost: text('Host for RFC over WebSocket (not with ECC)').optional(),
  wsport: flag('Port for RFC over WebSocket'),
  client: digits(3, 'SAP client').optional(),
  user: text('SAP user, of type System').optional(),
  alias_user: text('Alias of the SAP user').optional(),
  lang: z
    .string()
    .regex(/^[A-Za-z0-9]{1,2}$/)
    .default('EN')
    .describe('Logon language'),
  codepage: flag('Code page of a non-Unicode partner'),
  pcs: flag('Partner character size'),
  snc_mode: flag('1 switches SNC on'),
  snc_lib: text('SNC library (sapcrypto), absolute path').optional(),
  snc_partnername: text('SNC name of the SAP system: p:CN=...').optional(),
  snc_partner_names: text('Several SNC names of the SAP system').optional(),
  snc_myname: text('SNC name of the agent').optional(),
  snc_qop: flag('SNC protection: 1 authentication, 2 integrity, 3 privacy, 8 default, 9 maximum'),
  snc_sso: flag('0: SNC for encryption only, log on by password'),
  x509cert: text('X.509 certificate for logon through SNC').optional(),
  tls_client_pse: text('PSE file for RFC over WebSocket').optional(),
  tls_client_certificate_logon: flag('1: log on by the certificate of the PSE'),
  tls_server_pse: text('PSE file of the server side').optional(),
  tls_server_partner_auth: flag('Partner authentication of the server side'),
  tls_trust_all: flag('1: accept every server certificate'),
  use_tls: flag('0: WebSocket without TLS'),
  proxy_host: text('HTTP proxy for RFC over WebSocket').optional(),
  proxy_port: flag('Port of that proxy'),
  proxy_user: text('User at that proxy').optional(),
  extiddata: text('External identification, data').optional(),
  extidtype: text('External identification, type').optional(),
  trace: z.int().min(0).max(3).optional().describe('SDK trace; 2 and 3 write business data in clear into the data folder'),
  compression_type: flag('Compression of table parameters'),
  no_compression: flag('1: no compression'),
  serialization_format: flag('Serialization of parameters'),
  delta: flag('0: no delta management of tables'),
  on_cce: flag('Behaviour on characters that cannot be converted'),
  cfit: flag('Replacement for characters that cannot be converted'),
  lcheck: flag('0: no logon check when connecting'),
  logon_group_check_interval: flag('Seconds between looks at the logon group'),
  password_change_enforced: flag('SDK parameter of that name'),
  abap_debug: flag('1: ABAP debugger'),
  asxml: flag('SDK parameter of that name'),
  getsso2: flag('SDK parameter of that name'),
  saplogon_id: text('Entry of a saplogon.ini').optional(),
  server_name: text('SDK parameter of that name').optional(),
  sys_ids: text('SDK parameter of that name').optional(),
  tpname: text('SDK parameter of that name').optional(),
  program_id: text('SDK parameter of that name').optional(),
  reg_count: flag('SDK parameter of that name'),
  max_reg_count: flag('SDK parameter of that name'),
  use_repository_roundtrip_optimization: flag('SDK parameter of that name'),
  use_sapgui: flag('SDK parameter of that name'),
  use_symbolic_names: flag('SDK parameter of that name'),
  dest: text('Entry of a sapnwrfc.ini; RFC_INI in `environment` names the file').optional(),
};
const connectionNames = Object.keys(connection) as (keyof typeof connection)[];

const shape = z.strictObject({
  type: z.literal('sap-ecc'),
  ...connection,
  sdkHome: text('Folder of the SAP NW RFC SDK (the one with lib in it); looked for in the usual places when left out').optional(),
  rfcModule: text('Node module with the API of node-rfc: a package name or an absolute path').default('node-rfc'),
  // node-rfc logs on again by itself where a connection breaks during a call: with 3, a password changed at that very moment costs at most
  // 4 attempts, and SAP locks a user at 5 (login/fails_to_user_lock).
  maxConnections: z
    .int()
    .min(1)
    .max(50)
    .default(3)
    .describe('Most RFC connections at once, shared by all flows; below login/fails_to_user_lock minus 1 the user can never be locked'),
  callTimeoutSeconds: z.number().min(1).max(3600).default(300).describe('Longest time one function call may take'),
  openTimeoutSeconds: z.number().min(1).max(300).default(60).describe('Longest time a logon may take'),
  idlePingSeconds: z
    .number()
    .min(5)
    .max(3600)
    .default(240)
    .describe('An idle connection is pinged this often, so that no firewall drops it'),
  maxAgeMinutes: z.number().min(1).max(1440).default(60).describe('A connection is replaced after this time'),
  readFunction: z
    .union([z.literal('auto'), z.string().regex(/^[A-Z0-9_/]{1,30}$/, 'name of a function module')])
    .default('auto')
    .describe('Function module that reads tables; auto tries the known ones'),
  readWidth: z.int().min(64).max(30_000).optional().describe('Widest row that function returns; 512 for RFC_READ_TABLE'),
  pageRows: z.int().min(10).max(100_000).default(5_000).describe('Rows of one read call'),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
    .default({})
    .describe('Further environment variables of the RFC process: SECUDIR, RFC_INI'),
  passwd: secret('passwd', storePassword),
  password: secret('password', storePassword),
  proxy_passwd: secret('proxy_passwd', 'let the proxy pass the agent by its address'),
  mysapsso2: secret('mysapsso2', 'use a user of type System, or SNC'),
});

/** One SAP system of agent.yaml, without its name. Refuses contradictions, and passwords. */
export const sapSystemConfig = shape.superRefine((settings, context) => {
  for (const [path, message] of contradictions(settings)) context.addIssue({ code: 'custom', path: [path], message });
});
export type SapConnectionSettings = z.infer<typeof shape>;

/** The SDK's parameters, all as strings; without the password. */
export function connectionParameters(settings: SapConnectionSettings): Record<string, string> {
  const given = connectionNames.flatMap((name) => (settings[name] === undefined ? [] : [[name, String(settings[name])] as const]));
  return Object.fromEntries(given);
}

/** True where the logon needs no password: SNC single sign-on or a certificate. */
export function logsOnWithoutPassword(settings: SapConnectionSettings): boolean {
  if (settings.tls_client_certificate_logon !== undefined && String(settings.tls_client_certificate_logon) === '1') return true;
  return usesSnc(settings) && String(settings.snc_sso ?? '1') !== '0';
}

function usesSnc(settings: SapConnectionSettings): boolean {
  return String(settings.snc_mode ?? '0') === '1';
}

function contradictions(settings: SapConnectionSettings): [keyof SapConnectionSettings, string][] {
  const found: [keyof SapConnectionSettings, string][] = [];
  const ways = (['ashost', 'mshost', 'wshost', 'dest', 'gwhost'] as const).filter((way) => settings[way] !== undefined);
  const main = ways.filter((way) => way !== 'gwhost');
  if (ways.length === 0) found.push(['ashost', 'say how to reach the system: ashost and sysnr, or mshost with r3name and group']);
  if (main.length > 1) found.push([main[1] ?? 'mshost', `${main.join(' and ')} contradict each other; keep one`]);
  if (settings.ashost && settings.sysnr === undefined && settings.gwserv === undefined)
    found.push(['sysnr', 'ashost needs the instance number sysnr, for instance "00"']);
  if (settings.mshost && !settings.r3name && !settings.sysid && settings.msserv === undefined)
    found.push(['r3name', 'mshost needs r3name (the system id) or msserv']);
  for (const name of ['msserv', 'group'] as const)
    if (settings[name] !== undefined && !settings.mshost && !settings.dest)
      found.push([name, `${name} belongs to mshost, which is missing`]);
  if (settings.gwserv !== undefined && !settings.gwhost && !settings.ashost && !settings.dest)
    found.push(['gwserv', 'gwserv belongs to gwhost or ashost, which are missing']);
  if (settings.wshost && settings.wsport === undefined) found.push(['wsport', 'wshost needs wsport']);
  if (settings.saprouter && !/^(\/H\/[^/]+(\/S\/[^/]+)?(\/[WP]\/[^/]+)?)+\/?(H\/)?$/i.test(settings.saprouter))
    found.push(['saprouter', 'a SAProuter string reads /H/<host>/S/<port>/H/']);
  if (settings.client === undefined && !settings.dest) found.push(['client', 'the SAP client is missing, for instance "100"']);
  if (usesSnc(settings) && !settings.snc_partnername && !settings.snc_partner_names && !settings.dest)
    found.push(['snc_partnername', 'SNC needs snc_partnername, the SNC name of the SAP system']);
  if (!usesSnc(settings) && !settings.dest)
    for (const name of ['snc_partnername', 'snc_myname', 'snc_lib', 'snc_qop', 'snc_sso', 'x509cert'] as const)
      if (settings[name] !== undefined) found.push([name, `${name} has no effect without snc_mode: 1`]);
  if (settings.snc_qop !== undefined && !['1', '2', '3', '8', '9'].includes(String(settings.snc_qop)))
    found.push(['snc_qop', 'snc_qop is 1, 2, 3, 8 or 9']);
  if (!settings.user && !settings.alias_user && !settings.dest && !logsOnWithoutPassword(settings))
    found.push(['user', 'user is missing; only SNC single sign-on goes without']);
  return found;
}
