export { openEvaluator, OverrideRunaway, type Evaluator, type EvaluatorLimits } from './evaluator.ts';
export { closeOverrides } from './evaluators.ts';
export type { Table } from './messages.ts';
export * from './overrides.ts';
