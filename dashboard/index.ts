export { startDashboard, type DashboardOptions, type RunningDashboard } from "./server/server";
export type { WatchedNames } from "./names";
