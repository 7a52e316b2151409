export { OverridesPage } from './overrides-page.tsx';
export { ValueMapPage } from './value-map-page.tsx';
export { ValueMapsPage } from './value-maps-page.tsx';
