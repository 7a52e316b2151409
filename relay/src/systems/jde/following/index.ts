export { follow, type FollowedSource, type Found } from './follow.ts';
export { chunksOf, collect, onlyIn, readSurely } from './lists.ts';
export { Stamps, type ChangeWindow } from './stamps.ts';
