import type { SimParts } from '../parts.ts';
import { json, type Answer } from './answers.ts';
import type { AisRequest } from './request.ts';

const capabilities = [
  'grid',
  'editable',
  'log',
  'processingOption',
  'ignoreFDAFindOnEntry',
  'selectAllGridRows',
  'applicationStack',
  'thumbnailSize',
  'gridCellClick',
  'query',
  'taskAuthorization',
  'urlMediaObjects',
  'jargon',
  'aliasNaming',
  'dataservice',
  'dataServiceAggregation',
  'outputType',
  'complexQuery',
  'validate',
];

/** Needs no logon; with status 200 it also says that the HTML server answers. */
export function defaultConfig({ site }: SimParts, { query }: AisRequest): Answer {
  const required = (query.get('requiredCapabilities') ?? '').split(',').filter((name) => name.trim() !== '');
  return json({
    jasHost: 'jas01',
    jasPort: '8080',
    jasProtocol: 'http',
    defaultEnvironment: site.environment,
    defaultRole: site.role,
    defaultJasServer: 'http://jas01:8080',
    displayEnvironment: true,
    defaultCachingOn: site.defaultCachingOn,
    disconnectedTimeout: '',
    aisVersion: site.aisVersion,
    requiredCapabilityMissing: required.some((name) => !capabilities.includes(name.trim())),
    capabilityList: capabilities.map((name) => ({
      name,
      shortDescription: name,
      longDescription: `Capability ${name}`,
      asOfRelease: '9.1.4.4',
      sinceVersion: '1.0',
    })),
  });
}
