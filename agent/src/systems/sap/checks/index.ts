export { sapChecks } from './sap-checks.ts';
