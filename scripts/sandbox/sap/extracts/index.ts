export { loadExtracts, type Extracts } from './load.ts';
export { printReport, type ExtractFile, type ExtractReport, type Finding } from './report.ts';
