import { lagSeconds } from "../lag";
import { MODELS, type Located, type WatchedNames } from "../names";
import type { AccountMetadata, MemberDetails } from "./reads";
import type { MemberLook, Step } from "./snapshot";

/** One of a class. */
export interface WatchedMember {
  /** For people. */
  readonly name: string;
  readonly names: WatchedNames;
}

/** A lag of so many target lags, and two minutes more, is no waiting for a schedule any longer. */
const PATIENCE = 3;
const PATIENCE_SECONDS = 120;

/** Looks at one environment of the class; pure. */
export function memberLook(
  { name, names }: WatchedMember,
  account: AccountMetadata,
  details: MemberDetails,
  { now, scenario }: { readonly now: string; readonly scenario?: string },
): MemberLook {
  const inAnalytics = <T extends Located>(objects: readonly T[]): T[] =>
    objects.filter(({ database }) => database === names.analyticsDatabase);
  const loans = account.tables.find(
    (table) =>
      table.database === names.rawDatabase && table.schema === names.rawSchema && table.name === names.loansTable,
  );
  const dynamicTables = inAnalytics(account.dynamicTables);
  const tables = inAnalytics(account.tables);
  const byState = dynamicTables.find((table) => table.name === MODELS.dynamic);
  const standard = tables.find((table) => table.name === MODELS.standard);
  const captured = tables.find((table) => table.name === names.errorsTable);
  const runners = inAnalytics(account.runners);
  const target = byState && lagSeconds(byState.targetLag);
  const lag = byState?.dataTimestamp && Math.max(0, (Date.parse(now) - Date.parse(byState.dataTimestamp)) / 1000);
  const isDeployed = loans !== undefined && byState !== undefined;
  const stuck = [
    ...(loans && !byState ? [`${MODELS.dynamic} is missing`] : []),
    ...(!loans && byState ? [`${names.loansTable} is missing`] : []),
    ...dynamicTables
      .filter((table) => table.schedulingState === "SUSPENDED")
      .map((table) => `${table.name} is suspended`),
    ...runners.filter(({ isStarted }) => !isStarted).map((runner) => `${runner.name} is suspended`),
    ...(lag && target && lag > PATIENCE * target + PATIENCE_SECONDS
      ? [`no refresh for ${Math.round(lag / 60)} minutes`]
      : []),
    ...(loans && !loans.changeTracking ? ["change tracking is off"] : []),
  ];
  const step = ((): Step => {
    if (!isDeployed) return "not deployed";
    if (details.lastMailAt) return "mail sent";
    if (captured && captured.rows > 0) return "failures captured";
    return standard && byState.rows > standard.rows ? "other states loaded" : "deployed";
  })();
  return {
    name,
    step,
    stuck,
    ...known({
      loans: loans?.rows,
      standardStates: standard?.rows,
      dynamicStates: byState?.rows,
      lagSeconds: lag || undefined,
      targetSeconds: target,
      captured: captured?.rows,
      scenario,
    }),
    ...(isDeployed ? details : {}),
  };
}

function known<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
