export { checkArBody, partReference, stampOf, type ArBody, type ArCustomer, type ArHeader, type ArPart } from './body.ts';
export { fromMinor } from './minor-units.ts';
export { oneAtATime } from './one-at-a-time.ts';
export { partsOf, type ArAccount, type ArComponent, type ArSums, type ArTender } from './parts.ts';
export { postArDocuments, type ArPost } from './post.ts';
export { probeArDocuments } from './probe.ts';
export { arSettings, documentType, sapAccount, type ArSettings } from './settings.ts';
export { tryOutArDocuments } from './try-out.ts';
