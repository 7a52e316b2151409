import { alphaIn, SystemError } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import { explainedSapError } from '../messages/index.ts';
import type { Parameters, SapSession } from '../session.ts';
import { existsIn, findCustomers } from './find.ts';
import { readCustomer } from './get.ts';
import { toBapiChange, toBapiCreate } from './to-bapi.ts';
import type { Customers } from './types.ts';

/** Customers over one connection: found and read by table reads, written by the BAPIs of facts/sap-ecc.md 2.4. */
export function openCustomers(session: SapSession): Customers {
  const write = async (
    { unitId, doing, call }: { unitId: string; doing: string; call: { function: string; parameters: Parameters } },
    scope: CallScope,
  ): Promise<Parameters> => {
    try {
      const { results } = await session.unit({ unitId, calls: [call] }, scope);
      return results[0] ?? {};
    } catch (error) {
      throw explainedSapError(error, doing);
    }
  };
  return {
    find: (search, scope) => findCustomers(session, search, scope),
    get: (number, scope) => readCustomer(session, alphaIn(number, 10), scope),
    existsIn: (number, { companyCode, salesArea }, scope) =>
      existsIn(
        session,
        {
          number: alphaIn(number, 10),
          companyCode,
          salesArea: salesArea && {
            VKORG: salesArea.salesOrganisation,
            VTWEG: salesArea.distributionChannel,
            SPART: salesArea.division,
          },
        },
        scope,
      ),
    async create({ unitId, ...request }, scope) {
      const call = { function: 'BAPI_CUSTOMER_CREATEFROMDATA1', parameters: toBapiCreate(request) };
      const { data } = request;
      const doing = `creating customer ${data.kind === 'company' ? (data.names[0] ?? '') : `${data.firstName} ${data.lastName}`.trim()}`;
      const { CUSTOMERNO } = await write({ unitId, doing, call }, scope);
      if (typeof CUSTOMERNO === 'string' && CUSTOMERNO.trim() !== '') return CUSTOMERNO.trim();
      throw new SystemError('SAP_CUSTOMER_NUMBER_MISSING', 'uncertain', `${doing}: it was committed, and SAP answered no number`, {
        fix: 'The customer is looked up before anything is sent again.',
      });
    },
    async change({ unitId, ...request }, scope) {
      const parameters = toBapiChange(request);
      if (!parameters) return;
      const call = { function: 'BAPI_CUSTOMER_CHANGEFROMDATA1', parameters };
      await write({ unitId, doing: `changing customer ${request.number}`, call }, scope);
    },
  };
}
