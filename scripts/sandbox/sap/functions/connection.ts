/** Test functions that every system has, and RFC_SYSTEM_INFO. */
import { setTimeout as wait } from 'node:timers/promises';
import { abapException, abapMessage, shortDump } from '../rfc-error.ts';
import { numberInput, textInput, type FunctionCall, type Structure } from './call.ts';

export function stfcConnection(call: FunctionCall): Structure {
  const { identity } = call.system;
  const { date, time } = call.system.localTime();
  const sid = identity.sid.padEnd(8);
  return {
    ECHOTEXT: textInput(call, 'REQUTEXT'),
    RESPTEXT: `SAP R/3 Rel. 731   Sysid: ${sid} Date: ${date}   Time: ${time}   Logon_Data: ${identity.client}/${call.session.user.name}/${call.session.language}`,
  };
}

export function stfcStructure({ inputs }: FunctionCall): Structure {
  const sent = inputs['IMPORTSTRUCT'] as Structure;
  const rows = inputs['RFCTABLE'] as Structure[];
  return { ECHOSTRUCT: sent, RESPTEXT: 'SAP R/3 Rel. 731', RFCTABLE: [...rows, { ...sent, RFCINT4: rows.length }] };
}

export function rfcSystemInfo({ system }: FunctionCall): Structure {
  const { sid, host } = system.identity;
  return {
    RFCSI_EXPORT: {
      RFCPROTO: '011',
      RFCCHARTYP: '4103',
      RFCINTTYP: 'LIT',
      RFCFLOTYP: 'IE3',
      RFCDEST: `${host}_${sid}_${system.identity.sysnr}`,
      RFCHOST: host.slice(0, 8),
      RFCSYSID: sid,
      RFCDATABS: sid,
      RFCDBHOST: host,
      RFCDBSYS: 'ORACLE',
      RFCSAPRL: '731',
      RFCMACH: '390',
      RFCOPSYS: 'Linux',
      RFCTZONE: String(system.utcOffsetMinutes * 60),
      RFCIPADDR: '127.0.0.1',
      RFCKERNRL: '753',
      RFCHOST2: host,
    },
    CURRENT_RESOURCES: 10,
    MAXIMAL_RESOURCES: 10,
  };
}

/** METHOD 0: message, 1: exception with message, 2: exception, 3: short dump. */
export function rfcRaiseError(call: FunctionCall): Structure {
  const type = textInput(call, 'MESSAGETYPE');
  switch (textInput(call, 'METHOD')) {
    case '1':
      throw abapException('RAISE_EXCEPTION', { class: 'SR', type: 'E', number: '006', v1: 'Method = 1' });
    case '2':
      throw abapException('RAISE_EXCEPTION');
    case '3':
      throw shortDump('COMPUTE_INT_ZERODIVIDE', 'Division by 0 (type I or INT8)');
    default:
      throw type === 'X'
        ? abapMessage('MESSAGE_TYPE_X', { class: '00', type: 'X', number: '341', v1: 'MESSAGE_TYPE_X' })
        : abapMessage('Function not supported', { class: 'SR', type, number: '006', v1: 'Method = 0' });
  }
}

export async function rfcPingAndWait(call: FunctionCall): Promise<Structure> {
  await wait(numberInput(call, 'SECONDS') * 1000, undefined, { ref: false });
  return {};
}
