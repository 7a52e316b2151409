/** What a person can do about it, for the errors of AIS. */

export function authorityFix(table: string | undefined): string {
  const what = table ? `Data Browser access to ${table}` : 'Data Browser access to the tables';
  return `Give the JD Edwards user or its role ${what} in Security Workbench (P00950), and view access to its columns.`;
}

export function targetFix(table = 'the table'): string {
  return `Look at ${table} in the Data Browser of EnterpriseOne (P98EDB): does it exist there with these columns? If not, leave them out of the flow; access is given in Security Workbench (P00950).`;
}

/** For whoever finds a login refused. */
export const logonFix =
  'Nothing more is sent until the password is set again: `ml-agent credentials set <system>`. Check the user first (P98OWSEC): disabled, password expired, environment and role; and that AIS allows this way to log in (loginMethod).';
export const defectFix = 'This is a defect of the agent or of what asked it; the support bundle tells more.';
export const pathFix = 'Check baseUrl in agent.yaml: https://<host>:<port>/jderest, as a Tools release 9.2.1.2 or newer serves it.';
export const methodFix =
  'Allow logins with user and password for this AIS server in Server Manager, or try the other loginMethod in agent.yaml.';
export const orchestrationFix = 'Check the name in Orchestrator Studio, and that the user has UDO view security for it.';
export const slowFix = 'A filter without an index reads the whole table; raise timeoutSeconds in agent.yaml, or lower pageSize.';
