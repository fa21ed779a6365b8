/* eslint-disable @typescript-eslint/no-require-imports -- loading on demand is what this file is for */

import type * as bench from "./commands/bench";
import type * as proof from "./commands/proof";
import type * as classCommands from "./commands/class";
import type * as classLook from "./commands/classLook";
import type * as dashboard from "./commands/dashboard";
import type * as dbt from "./commands/dbt";
import type * as destroy from "./commands/destroy";
import type * as doctor from "./commands/doctor";
import type * as load from "./commands/load";
import type * as local from "./commands/local";
import type * as localEnv from "./commands/localEnv";
import type * as preview from "./commands/preview";
import type * as pulumi from "./commands/pulumi";
import type * as refresh from "./commands/refresh";
import type * as scenario from "./commands/scenario";
import type * as sql from "./commands/sql";
import type * as status from "./commands/status";
import type * as test from "./commands/test";
import type * as up from "./commands/up";
import type * as settings from "./stack/configValues";
import type * as open from "./stack/open";
import type * as checkedExecute from "../components/checkedExecute";
import type * as dashboardServer from "../dashboard";
import type program from "../index";
import type * as connection from "../loader/connection";

/**
 * Parts that are loaded when they are needed: Pulumi's API and the stack's program take about a second, and most commands
 * do without.
 */
export const commands = {
  proof: () => require("./commands/proof") as typeof proof,
  bench: () => require("./commands/bench") as typeof bench,
  class: () => require("./commands/class") as typeof classCommands,
  classLook: () => require("./commands/classLook") as typeof classLook,
  dashboard: () => require("./commands/dashboard") as typeof dashboard,
  dbt: () => require("./commands/dbt") as typeof dbt,
  destroy: () => require("./commands/destroy") as typeof destroy,
  doctor: () => require("./commands/doctor") as typeof doctor,
  load: () => require("./commands/load") as typeof load,
  local: () => require("./commands/local") as typeof local,
  localEnv: () => require("./commands/localEnv") as typeof localEnv,
  preview: () => require("./commands/preview") as typeof preview,
  pulumi: () => require("./commands/pulumi") as typeof pulumi,
  refresh: () => require("./commands/refresh") as typeof refresh,
  scenario: () => require("./commands/scenario") as typeof scenario,
  sql: () => require("./commands/sql") as typeof sql,
  status: () => require("./commands/status") as typeof status,
  test: () => require("./commands/test") as typeof test,
  up: () => require("./commands/up") as typeof up,
};

/** The stack's program, `index.ts`. */
export const stackProgram = () => require("../index") as typeof program;

/** What a stack's statements are expected to hold. */
export const checkedExecuteApi = () => require("../components/checkedExecute") as typeof checkedExecute;

/** Connections by Snowflake's driver. */
export const driverConnection = () => require("../loader/connection") as typeof connection;

/** The dashboard's server. */
export const dashboardApi = () => require("../dashboard") as typeof dashboardServer;

/** Opening a stack by Pulumi's Automation API. */
export const stackApi = () => require("./stack/open") as typeof open;

/** A stack's settings, read by Pulumi's Automation API. */
export const settingsApi = () => require("./stack/configValues") as typeof settings;
