export { runDoctor, type DoctorDeps } from './doctor.ts';
export type { RelayPlace } from './relay-checks.ts';
export { reportFindings } from './report.ts';
export { enrolmentByTunnel, tryEnrolment, type EnrolmentTrial } from './enrolment-check.ts';
