export { fit, oneLine } from './texts.ts';
