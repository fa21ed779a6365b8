import { Option } from "commander";
import { DASHBOARD_PORT } from "../../components/dashboardAddress";
import { withStack, choice, parsePort, parseInterval, type StackFlags, type Register } from "./options";

export const dashboard: Register = (program, host) => {
  withStack(program.command("dashboard"))
    .description("serve a live page of the stack's tables, lags, failures, runs and mails, until Ctrl-C")
    .option("--port <port>", "TCP port; 0 lets the system choose", parsePort, DASHBOARD_PORT)
    .option("--interval <seconds>", "seconds between two looks, 1 to 3600", parseInterval, 5)
    .addOption(new Option("--open", "open it in a browser (default: where there is a screen)"))
    .addOption(new Option("--no-open", "only print its address"))
    .action(async (flags: StackFlags & { port: number; interval: number; open?: boolean }) => {
      const { dashboard } = await import("../commands/dashboard.js");
      const { port, interval, open } = flags;
      await dashboard(host.context(false), { ...choice(flags), port, intervalSeconds: interval, open });
    });
};
