import { isSystemError, SystemError, type SystemErrorDetails, type Verdict } from '@ml-connector/shared';
import { toRfcFailure, type RfcFailure } from './rfc-failure.ts';

export interface CallFacts {
  /** The call, or an earlier one of its unit, may have changed something in SAP. */
  writes: boolean;
  /** The call was handed to the SDK; false for logon, queueing and checks before it. */
  sent: boolean;
  /** For the message: `calling BAPI_VENDOR_GETDETAIL`. */
  doing: string;
}

/**
 * Reads an error of node-rfc: may the call be sent again? The only place that knows SAP's error texts and codes
 * (facts/node-rfc.md 5, facts/sap-ecc.md 1.2 and 4.1).
 */
export function judge(error: unknown, facts: CallFacts): SystemError {
  if (isSystemError(error)) return error;
  const failure = toRfcFailure(error);
  const opinion = opinionOn(failure, facts);
  const { name, message, ...fields } = failure;
  return new SystemError(opinion.code, opinion.verdict, `${facts.doing}: ${oneLine(failure)}`, {
    fix: opinion.fix,
    facts: { ...fields, name, message: message.slice(0, 2000) },
    cause: error,
  });
}

/** True where SAP or the way to it is short of something: fewer calls at once may help. */
export function showsCongestion(error: SystemError): boolean {
  return ['SAP_BUSY', 'SAP_RESOURCES', 'SAP_UNREACHABLE', 'SAP_CONNECTION_LOST', 'SAP_SYSTEM_FAILURE'].includes(error.code);
}

/** Only RAISE and MESSAGE ... RAISING leave the ABAP session as it was (facts/node-rfc.md 4). */
export function keepsSession(error: unknown): boolean {
  return toRfcFailure(error).code === 5;
}

interface Opinion {
  code: string;
  verdict: Verdict;
  fix?: SystemErrorDetails['fix'];
}

function opinionOn(failure: RfcFailure, facts: CallFacts): Opinion {
  const unknownIfWritten: Verdict = facts.writes && facts.sent ? 'uncertain' : 'retry';
  const { code, group, name } = failure;
  if (name === 'Timeout') return { code: 'SAP_TIMEOUT', verdict: unknownIfWritten };
  if (name === 'Cancelled') return { code: 'SAP_CANCELLED', verdict: unknownIfWritten };
  if (name === 'TypeError') return { code: 'SAP_PARAMETER_INVALID', verdict: 'refused' };
  if (name === 'nodeRfcError') return ofNodeRfc(failure, unknownIfWritten);
  if (group === 3 || code === 2 || code === 30) return { code: 'SAP_LOGON_REFUSED', verdict: 'halt', fix: logonFix };
  switch (code ?? 0) {
    case 3:
      return ofShortDump(failure, unknownIfWritten);
    case 4:
      return ofMessage(failure);
    case 5:
      return ofException(failure);
    case 7:
    case 8:
      return { code: code === 7 ? 'SAP_CANCELLED' : 'SAP_TIMEOUT', verdict: unknownIfWritten };
    case 9:
      return { code: 'SAP_RESOURCES', verdict: unknownIfWritten };
    case 10:
    case 11:
      return { code: 'SAP_SDK_WRONG', verdict: unknownIfWritten };
    case 12:
    case 21:
    case 22:
    case 23:
      // The value may be one of ours going in, or one of SAP's coming back after the work was done.
      return { code: 'SAP_VALUE_CONVERSION', verdict: unknownIfWritten === 'uncertain' ? 'uncertain' : 'refused' };
    case 20:
      return ofInvalidParameter(failure);
    case 29:
      return { code: 'SAP_NOT_AUTHORIZED', verdict: 'refused', fix: authorityFix };
    case 31:
      return { code: 'SAP_SNC_FAILED', verdict: 'halt', fix: 'Check snc_lib, the PSE (SECUDIR) and the SNC names of both sides.' };
    default:
      return ofConnection(failure, facts, unknownIfWritten);
  }
}

const logonFix =
  'Nothing more is sent to SAP until the credential is set again: `ml-agent credentials set <system>`. Check the user in SU01 (locked, expired, initial password) first.';
const authorityFix =
  'Add the object named in the message (S_RFC for the function, S_TABU_NAM for the table) to the role of the SAP user; SU53 shows it.';

function ofNodeRfc(failure: RfcFailure, unknownIfWritten: Verdict): Opinion {
  if (failure.message.includes('over closed connection')) return { code: 'SAP_CONNECTION_LOST', verdict: unknownIfWritten };
  return { code: 'SAP_PARAMETER_INVALID', verdict: 'refused' };
}

const resourceDump = /^(TSV_TNEW|SYSTEM_NO_|PXA_|MEMORY_NO_|STORAGE_|DBIF_DSQL2_CONNECTION|RESOURCE_|NO_MORE_)|NO_ROLL|PAGE_ALLOC/;

function ofShortDump(failure: RfcFailure, unknownIfWritten: Verdict): Opinion {
  const key = failure.key ?? '';
  if (key === 'RFC_NO_AUTHORITY' || /no RFC authorization|no authorization for function/i.test(failure.message))
    return { code: 'SAP_NOT_AUTHORIZED', verdict: 'refused', fix: authorityFix };
  if (key === 'TIME_OUT')
    return { code: 'SAP_TIME_OUT', verdict: unknownIfWritten, fix: 'Ask for less in one call: smaller pageRows, a narrower selection.' };
  if (resourceDump.test(key)) return { code: 'SAP_RESOURCES', verdict: unknownIfWritten };
  if (/SYSTEM_FAILURE/.test(key)) return { code: 'SAP_SYSTEM_FAILURE', verdict: unknownIfWritten };
  if (key === 'SAPSQL_STMNT_TOO_LARGE' || key === 'SAPSQL_PARSE_ERROR') return { code: 'SAP_CONDITION_REFUSED', verdict: 'refused' };
  if (key === 'DYNPRO_SEND_IN_BACKGROUND')
    return { code: 'SAP_DIALOG_FUNCTION', verdict: 'refused', fix: 'This function module needs a screen and cannot run over RFC.' };
  return { code: 'SAP_DUMP', verdict: 'refused', fix: 'ST22 on the SAP system shows the dump.' };
}

function ofMessage(failure: RfcFailure): Opinion {
  if (failure.key === 'MESSAGE_TYPE_X' || failure.abapMsgType === 'X')
    return { code: 'SAP_DUMP', verdict: 'refused', fix: 'ST22 shows the dump.' };
  if (/no (RFC )?authori[sz]ation|not authori[sz]ed/i.test(failure.message))
    return { code: 'SAP_NOT_AUTHORIZED', verdict: 'refused', fix: authorityFix };
  return { code: 'SAP_MESSAGE', verdict: 'refused' };
}

const exceptions: Record<string, Opinion> = {
  FU_NOT_FOUND: {
    code: 'SAP_FUNCTION_MISSING',
    verdict: 'refused',
    fix: 'The function module does not exist in this system, or is not remote-enabled (SE37).',
  },
  NOT_AUTHORIZED: { code: 'SAP_NOT_AUTHORIZED', verdict: 'refused', fix: authorityFix },
  NO_AUTHORITY: { code: 'SAP_NOT_AUTHORIZED', verdict: 'refused', fix: authorityFix },
  RFC_NO_AUTHORITY: { code: 'SAP_NOT_AUTHORIZED', verdict: 'refused', fix: authorityFix },
  DATA_BUFFER_EXCEEDED: { code: 'SAP_ROW_TOO_WIDE', verdict: 'refused' },
  TABLE_NOT_AVAILABLE: { code: 'SAP_TABLE_MISSING', verdict: 'refused' },
  TABLE_WITHOUT_DATA: { code: 'SAP_TABLE_MISSING', verdict: 'refused', fix: 'This is a structure, which holds no rows.' },
  FIELD_NOT_VALID: { code: 'SAP_FIELD_MISSING', verdict: 'refused' },
  OPTION_NOT_VALID: { code: 'SAP_CONDITION_REFUSED', verdict: 'refused' },
};

function ofException(failure: RfcFailure): Opinion {
  const key = failure.key ?? '';
  const known = exceptions[key];
  if (known) return known;
  if (failure.abapMsgClass === 'FL' && failure.abapMsgNumber === '046') return exceptions['FU_NOT_FOUND'] as Opinion;
  if (/^(FOREIGN_LOCK|ENQUEUE_FAIL\w*|\w*_LOCKED|LOCK_\w+)$/.test(key)) return { code: 'SAP_LOCKED', verdict: 'retry' };
  return { code: 'SAP_EXCEPTION', verdict: 'refused' };
}

function ofInvalidParameter(failure: RfcFailure): Opinion {
  if (/^Parameter .* (is|are) missing/.test(failure.message) || /ASHOST|MSHOST|GWHOST/.test(failure.message))
    return { code: 'SAP_SETTINGS_INVALID', verdict: 'halt', fix: 'Correct the connection settings of this system in agent.yaml.' };
  return { code: 'SAP_PARAMETER_INVALID', verdict: 'refused' };
}

function ofConnection(failure: RfcFailure, facts: CallFacts, unknownIfWritten: Verdict): Opinion {
  const isBusy =
    /max(imum)? (no|number) of .*conversations|no more .*work ?process|too many|all .*work processes|resource|maximum .*logons?/i;
  if (isBusy.test(failure.message)) return { code: 'SAP_BUSY', verdict: unknownIfWritten };
  if (!facts.sent)
    return {
      code: 'SAP_UNREACHABLE',
      verdict: 'retry',
      fix: 'Check host, instance number and firewall: the agent needs port 33NN (36NN too with mshost).',
    };
  return { code: 'SAP_CONNECTION_LOST', verdict: unknownIfWritten };
}

/** Communication errors come as a block of lines; the one after ERROR says it. */
function oneLine({ message, key }: RfcFailure): string {
  const said = /^ERROR\s+(.+)$/m.exec(message)?.[1] ?? message.trim().split('\n')[0] ?? '';
  const text = said.trim().slice(0, 400);
  return key && !text.includes(key) && !key.startsWith('RFC_') ? `${key} (${text})` : text || key || 'failed without a message';
}
