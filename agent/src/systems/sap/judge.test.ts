import { judge, keepsSession, showsCongestion } from './judge.ts';

/** As node-rfc reports them (facts/node-rfc.md 5, facts/sap-ecc.md 1.2). */
const seen = {
  notReached: {
    name: 'RfcLibError',
    group: 4,
    code: 1,
    codeString: 'RFC_COMMUNICATION_FAILURE',
    key: 'RFC_COMMUNICATION_FAILURE',
    message:
      "\nLOCATION    CPIC (TCP/IP) on local host with Unicode\nERROR       partner '10.0.0.1:3300' not reached\nTIME        Fri Nov 21 10:00:00 2025\nRELEASE     753\nCOMPONENT   NI (network interface)\nRC          -10\nERRNO       111\nERRNO TEXT  Connection refused",
  },
  broken: {
    name: 'RfcLibError',
    group: 4,
    code: 1,
    key: 'RFC_COMMUNICATION_FAILURE',
    message: "\nLOCATION    CPIC\nERROR       connection to partner '10.0.0.1:3301' broken\nRC          -6\nERRNO       10054",
  },
  conversations: { name: 'RfcLibError', group: 4, code: 1, key: 'RFC_COMMUNICATION_FAILURE', message: 'ERROR       max no of 500 conversations exceeded' },
  cancelled: { name: 'RfcLibError', group: 4, code: 7, key: 'RFC_CANCELED', message: 'Connection was canceled.' },
  logon: { name: 'RfcLibError', group: 3, code: 2, key: 'RFC_LOGON_FAILURE', message: 'Name or password is incorrect (repeat logon)' },
  noHost: { name: 'RfcLibError', group: 5, code: 20, key: 'RFC_INVALID_PARAMETER', message: 'Parameter ASHOST, GWHOST, MSHOST or PORT is missing.' },
  noField: { name: 'RfcLibError', group: 5, code: 20, key: 'RFC_INVALID_PARAMETER', message: "field 'XXX' not found", rfmPath: { rfm: 'Z', parameter: 'XXX' } },
  raised: { name: 'ABAPError', group: 1, code: 5, key: 'RAISE_EXCEPTION', message: 'ID:SR Type:E Number:006 Method = 1', abapMsgClass: 'SR', abapMsgType: 'E', abapMsgNumber: '006', abapMsgV1: 'Method = 1' },
  noFunction: { name: 'ABAPError', group: 1, code: 5, key: 'FU_NOT_FOUND', message: 'ID:FL Type:E Number:046 BAPI_X', abapMsgClass: 'FL', abapMsgType: 'E', abapMsgNumber: '046', abapMsgV1: 'BAPI_X' },
  tooWide: { name: 'ABAPError', group: 1, code: 5, key: 'DATA_BUFFER_EXCEEDED', message: ' Number:000' },
  notAuthorized: { name: 'ABAPError', group: 1, code: 5, key: 'NOT_AUTHORIZED', message: ' Number:000' },
  locked: { name: 'ABAPError', group: 1, code: 5, key: 'FOREIGN_LOCK', message: ' Number:000' },
  messageE: { name: 'ABAPError', group: 2, code: 4, key: 'Function not supported', message: 'Function not supported', abapMsgClass: 'SR', abapMsgType: 'E', abapMsgNumber: '006' },
  messageX: { name: 'ABAPError', group: 2, code: 4, key: 'MESSAGE_TYPE_X', message: 'The current application has triggered a termination', abapMsgClass: '00', abapMsgType: 'X', abapMsgNumber: '341' },
  dump: { name: 'ABAPError', group: 2, code: 3, key: 'COMPUTE_INT_ZERODIVIDE', message: 'Division by 0 (type I or INT8)' },
  timeOut: { name: 'ABAPError', group: 2, code: 3, key: 'TIME_OUT', message: 'Time limit exceeded.' },
  memory: { name: 'ABAPError', group: 2, code: 3, key: 'TSV_TNEW_PAGE_ALLOC_FAILED', message: 'No more storage space available for extending an internal table.' },
  noRfcAuthority: { name: 'ABAPError', group: 2, code: 3, key: 'RFC_NO_AUTHORITY', message: 'User MLC has no RFC authorization for function group SDTX.' },
  dialog: { name: 'ABAPError', group: 2, code: 3, key: 'DYNPRO_SEND_IN_BACKGROUND', message: 'Screen output without connection to user.' },
  conversion: { name: 'RfcLibError', group: 5, code: 22, key: 'RFC_CONVERSION_FAILURE', message: 'Cannot convert string value A at position 0 for the field RFCFLOAT to type RFCTYPE_FLOAT' },
  badHandle: { name: 'RfcLibError', group: 5, code: 13, key: 'RFC_INVALID_HANDLE', message: 'An invalid handle was passed to the API call' },
  closed: { name: 'nodeRfcError', message: 'RFM client request over closed connection: invoke() STFC_CONNECTION' },
  wrongType: { name: 'nodeRfcError', message: 'String expected from NodeJS for ABAP field of type 0', rfmPath: { rfm: 'STFC_CONNECTION', parameter: 'REQUTEXT' } },
  snc: { name: 'RfcLibError', group: 5, code: 31, key: 'RFC_CRYPTOLIB_FAILURE', message: 'Unable to load SNC library' },
  ownTimeout: { name: 'Timeout', message: 'no answer within 300 s' },
}; // prettier-ignore

test.each<[string, unknown, { writes: boolean; sent: boolean }, string, string]>([
  ['host away, while logging on', seen.notReached, { writes: false, sent: false }, 'SAP_UNREACHABLE', 'retry'],
  ['host away, after a write was sent', seen.notReached, { writes: true, sent: true }, 'SAP_CONNECTION_LOST', 'uncertain'],
  ['cut during a read', seen.broken, { writes: false, sent: true }, 'SAP_CONNECTION_LOST', 'retry'],
  ['cut during a write', seen.broken, { writes: true, sent: true }, 'SAP_CONNECTION_LOST', 'uncertain'],
  ['too many conversations', seen.conversations, { writes: false, sent: false }, 'SAP_BUSY', 'retry'],
  ['cancelled write', seen.cancelled, { writes: true, sent: true }, 'SAP_CANCELLED', 'uncertain'],
  ['our own timeout of a write', seen.ownTimeout, { writes: true, sent: true }, 'SAP_TIMEOUT', 'uncertain'],
  ['our own timeout of a read', seen.ownTimeout, { writes: false, sent: true }, 'SAP_TIMEOUT', 'retry'],
  ['our own timeout before sending', seen.ownTimeout, { writes: true, sent: false }, 'SAP_TIMEOUT', 'retry'],
  ['wrong password', seen.logon, { writes: false, sent: false }, 'SAP_LOGON_REFUSED', 'halt'],
  ['settings without host', seen.noHost, { writes: false, sent: false }, 'SAP_SETTINGS_INVALID', 'halt'],
  ['unknown parameter', seen.noField, { writes: true, sent: true }, 'SAP_PARAMETER_INVALID', 'refused'],
  ['RAISE', seen.raised, { writes: true, sent: true }, 'SAP_EXCEPTION', 'refused'],
  ['unknown function', seen.noFunction, { writes: true, sent: true }, 'SAP_FUNCTION_MISSING', 'refused'],
  ['row too wide', seen.tooWide, { writes: false, sent: true }, 'SAP_ROW_TOO_WIDE', 'refused'],
  ['table not allowed', seen.notAuthorized, { writes: false, sent: true }, 'SAP_NOT_AUTHORIZED', 'refused'],
  ['locked by a user', seen.locked, { writes: true, sent: true }, 'SAP_LOCKED', 'retry'],
  ['message E', seen.messageE, { writes: true, sent: true }, 'SAP_MESSAGE', 'refused'],
  ['message X', seen.messageX, { writes: true, sent: true }, 'SAP_DUMP', 'refused'],
  ['short dump', seen.dump, { writes: true, sent: true }, 'SAP_DUMP', 'refused'],
  ['TIME_OUT of a read', seen.timeOut, { writes: false, sent: true }, 'SAP_TIME_OUT', 'retry'],
  ['TIME_OUT of a write', seen.timeOut, { writes: true, sent: true }, 'SAP_TIME_OUT', 'uncertain'],
  ['out of memory', seen.memory, { writes: false, sent: true }, 'SAP_RESOURCES', 'retry'],
  ['no S_RFC', seen.noRfcAuthority, { writes: true, sent: true }, 'SAP_NOT_AUTHORIZED', 'refused'],
  ['needs a screen', seen.dialog, { writes: true, sent: true }, 'SAP_DIALOG_FUNCTION', 'refused'],
  ['conversion in a write', seen.conversion, { writes: true, sent: true }, 'SAP_VALUE_CONVERSION', 'uncertain'],
  ['conversion in a read', seen.conversion, { writes: false, sent: true }, 'SAP_VALUE_CONVERSION', 'refused'],
  ['dead handle, read', seen.badHandle, { writes: false, sent: true }, 'SAP_CONNECTION_LOST', 'retry'],
  ['closed client, write', seen.closed, { writes: true, sent: true }, 'SAP_CONNECTION_LOST', 'uncertain'],
  ['wrong type', seen.wrongType, { writes: true, sent: true }, 'SAP_PARAMETER_INVALID', 'refused'],
  ['bad argument', new TypeError('RFM parameter name invalid'), { writes: true, sent: true }, 'SAP_PARAMETER_INVALID', 'refused'],
  ['SNC library missing', seen.snc, { writes: false, sent: false }, 'SAP_SNC_FAILED', 'halt'],
])('%s', (_what, error, facts, code, verdict) => {
  expect(judge(error, { ...facts, doing: 'calling Z_TEST' })).toMatchObject({ code, verdict });
});

test('the message names the call and the line that matters, and the facts keep the rest', () => {
  const error = judge(seen.notReached, { writes: false, sent: false, doing: 'logging on' });
  expect(error.message).toBe("logging on: partner '10.0.0.1:3300' not reached");
  expect(error.facts).toMatchObject({ group: 4, code: 1, key: 'RFC_COMMUNICATION_FAILURE' });
  expect(judge(seen.raised, { writes: false, sent: true, doing: 'calling X' }).facts).toMatchObject({
    abapMsgClass: 'SR',
    abapMsgV1: 'Method = 1',
  });
});

test('only a raised exception leaves the ABAP session as it was', () => {
  expect(keepsSession(seen.raised)).toBe(true);
  expect([seen.messageE, seen.dump, seen.broken, seen.wrongType, seen.cancelled].some(keepsSession)).toBe(false);
});

test('what shows congestion slows the calls down; a refusal does not', () => {
  const judged = (error: unknown) => showsCongestion(judge(error, { writes: false, sent: true, doing: 'x' }));
  expect([seen.conversations, seen.memory, seen.broken].map(judged)).toEqual([true, true, true]);
  expect([seen.raised, seen.logon, seen.tooWide].map(judged)).toEqual([false, false, false]);
});
