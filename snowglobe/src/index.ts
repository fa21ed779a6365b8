/** The package's programmatic door. */
export { startSnowglobe, type Snowglobe, type SnowglobeEvent, type SnowglobeOptions } from "./start";
export { RealClock, VirtualClock } from "./clock";
export type { ServerLimits } from "./server";
