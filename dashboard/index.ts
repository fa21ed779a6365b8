export { startDashboard, type DashboardOptions, type RunningDashboard } from "./server/dashboard";
export { startClassDashboard, type ClassMember, type RunningClassDashboard } from "./classroom/dashboard";
export { memberLook } from "./classroom/member";
export { readAccount, readMemberDetails } from "./classroom/reads";
export { readNow } from "./reads/metadata";
export type { MemberLook } from "./classroom/snapshot";
export { ReadingSession } from "./session";
export type { WatchedNames } from "./names";
