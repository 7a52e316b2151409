export {
  clientFieldOf,
  fieldOf,
  functionDefinitions,
  keyFieldsOf,
  kindOf,
  structureOf,
  tableDefinitions,
  tableOf,
  type DdicType,
  type FieldDefinition,
  type FieldKind,
  type FunctionDefinition,
  type ParameterDefinition,
  type StructureDefinition,
  type TableDefinition,
} from './catalogue.ts';
export { describeFunction, packedBytes, type RfcType } from './rfc-types.ts';
export { alphaIn, completeRow, initialValue, problemWith, type Row } from './values.ts';
