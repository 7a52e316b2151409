import { functionAuthorisations, isSystemError, type Clock } from '@ml-connector/shared';
import type { CheckResult } from '../../../checks/index.ts';
import { roleOf, type Authorisation, type SapRules } from '../policy/index.ts';
import { returnMessages } from '../return-messages.ts';
import type { SapSystem } from '../sap-system.ts';

export interface ObjectAuthority {
  system: SapSystem;
  rules: SapRules;
  clock: Clock;
  call: () => { deadline: number; signal: AbortSignal };
}

const checkFunction = 'BAPI_ACC_DOCUMENT_CHECK';
/** Combinations of company code and document type that are tried at most. */
const mostTrials = 20;

/**
 * May the user post in the company codes and with the document types that the policy names (F_BKPF_*)? BAPI_ACC_DOCUMENT_CHECK is asked with a
 * header of each and no items, which posts nothing. What SAP checks only at a real posting is named as not proven.
 */
export async function objectAuthority({ system, rules, clock, call }: ObjectAuthority): Promise<CheckResult> {
  const headers = headersToTry(rules);
  const notProven = notProvable(roleOf(rules));
  if (headers.length === 0)
    return { result: 'ok', detail: `no company codes are named by parameters rules, so none were tried; ${notProven}` };
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '');
  const missing = new Set<string>();
  for (const header of headers.slice(0, mostTrials)) {
    const DOCUMENTHEADER = { BUS_ACT: 'RFBU', ...header, DOC_DATE: day, PSTNG_DATE: day };
    for (const object of await deniedObjects(system, { DOCUMENTHEADER }, call))
      missing.add(`${object} for company code ${header.COMP_CODE}${header.DOC_TYPE ? `, document type ${header.DOC_TYPE}` : ''}`);
  }
  if (missing.size > 0)
    return {
      result: 'failed',
      detail: `missing: ${[...missing].join('; ')}; ${notProven}`,
      fix: `Add them to the role of the SAP user (PFCG); \`ml-agent policy role --system ${system.name}\` prints all that it needs.`,
    };
  const tried = headers.slice(0, mostTrials).map(({ COMP_CODE, DOC_TYPE }) => [COMP_CODE, DOC_TYPE].filter(Boolean).join(' '));
  return { result: 'ok', detail: `SAP misses nothing for ${tried.join(', ')}; ${notProven}` };
}

interface Header {
  COMP_CODE: string;
  DOC_TYPE: string;
}

/** Values that the rules name whole; patterns cannot be tried. */
function headersToTry({ parameters }: SapRules): Header[] {
  const named = (parameter: string): string[] => {
    const rules = parameters.filter((rule) => rule.function === 'BAPI_ACC_DOCUMENT_POST' && rule.parameter === parameter);
    return [...new Set(rules.flatMap(({ allow }) => allow))].filter((value) => value !== '' && !value.includes('*'));
  };
  const types = named('DOCUMENTHEADER.DOC_TYPE');
  return named('DOCUMENTHEADER.COMP_CODE').flatMap((COMP_CODE) =>
    (types.length > 0 ? types : ['']).map((DOC_TYPE) => ({ COMP_CODE, DOC_TYPE })),
  );
}

async function deniedObjects(system: SapSystem, parameters: Record<string, unknown>, call: ObjectAuthority['call']): Promise<string[]> {
  const messages = await checkMessages(system, parameters, call);
  const needs = functionAuthorisations[checkFunction]?.objects ?? [];
  return needs.filter(({ deniedBy }) => deniedBy !== undefined && messages.includes(deniedBy)).map(({ object }) => object);
}

async function checkMessages(system: SapSystem, parameters: Record<string, unknown>, call: ObjectAuthority['call']): Promise<string[]> {
  try {
    const request = { system: system.name, calls: [{ function: checkFunction, parameters }], commit: 'never' as const };
    const { results } = await system.unit(request, call());
    return returnMessages(results[0] ?? {}).map(({ ID, NUMBER }) => `${ID} ${NUMBER}`);
  } catch (error) {
    if (!isSystemError(error) || error.verdict !== 'refused') throw error;
    return [];
  }
}

/** Objects that no answer of a check names. */
function notProvable(role: readonly Authorisation[]): string {
  const proven = new Set(
    Object.values(functionAuthorisations).flatMap(({ objects }) => objects.filter(({ deniedBy }) => deniedBy).map(({ object }) => object)),
  );
  const others = role.map(({ object }) => object).filter((object) => !object.startsWith('S_') && !proven.has(object));
  return `only a posting proves ${[...new Set(others)].join(', ')} (SU53 shows what it missed)`;
}
