export { countSignInAttempts, type SignInAttempts } from './attempts.ts';
export { findPersonByIdentity, hasIdentityOf, linkIdentity } from './identities.ts';
export { findLink, issueLink, setupLink, usePasswordLink, useSetupLink } from './links.ts';
export { hashPassword, isPassword, passwordFault } from './passwords.ts';
export {
  addPerson,
  changeGrants,
  findPerson,
  grantsOf,
  sameEmail,
  setDisabled,
  type NewPerson,
  type PeopleDeps,
  type Person,
} from './people.ts';
export { atLeast, highestRole, roleIn, roles, type Grants, type Role } from './roles.ts';
export { confirmSecondFactor, proposeSecondFactor, removeSecondFactor, takeCode } from './second-factor.ts';
export { beginSession, endSession, endSessions, findSession, type SignedIn } from './sessions.ts';
