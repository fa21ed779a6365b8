import { invalidArguments, unsupported } from "../../errors";
import { rolesOfUser, type StatementContext } from "../../execution/context";
import type { SystemFunction } from "../../execution/statementModule";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";

/** What clients ask when they start. Sources: the functions' pages; SYSTEM$BOOTSTRAP_DATA_REQUEST has none. */
export const CLIENT_FUNCTIONS: Readonly<Record<string, SystemFunction>> = {
  CURRENT_AVAILABLE_ROLES: (args, context) => {
    requireNone("CURRENT_AVAILABLE_ROLES", args);
    return { kind: "text", value: JSON.stringify(availableRoles(context)) };
  },
  CURRENT_IP_ADDRESS: (args) => {
    requireNone("CURRENT_IP_ADDRESS", args);
    // This server listens on the loopback alone.
    return { kind: "text", value: "127.0.0.1" };
  },
  SYSTEM$BOOTSTRAP_DATA_REQUEST: bootstrapData,
};

function requireNone(name: string, args: readonly ArgumentText[]): void {
  if (args.length === 0) return;
  throw invalidArguments(
    name,
    args.map(({ type }) => type.kind),
  );
}

/** The roles granted to the user, and those below them. A task has no user: none. */
function availableRoles({ session, instance: { catalog, privileges } }: StatementContext): string[] {
  if (session.task) return [];
  const ids = new Set(rolesOfUser(session.user, catalog).flatMap((role) => [...privileges.inherited(role)]));
  const roles = [...ids].map((id) => catalog.object(id)).filter((object) => object?.kind === "ROLE");
  return roles.map((role) => role!.name).sort();
}

/** The sections that tools ask for: what the account is, and switches of the web interface, which there are none of. */
function bootstrapData(args: readonly ArgumentText[], { instance }: StatementContext): ScalarFunction {
  const { settings, accountName } = instance;
  const sections: Readonly<Record<string, object>> = {
    ACCOUNT: {
      accountInfo: {
        accountName,
        organizationName: settings.organization,
        regionName: settings.region,
        serviceLevelName: "ENTERPRISE",
      },
    },
    CLIENT_PARAMS_INFO: { clientParamsInfo: [] },
  };
  const asked = args.map(({ constant }) => {
    if (typeof constant !== "string") throw unsupported("SYSTEM$BOOTSTRAP_DATA_REQUEST of a value that is no constant");
    return constant.toUpperCase();
  });
  const missing = asked.find((section) => !sections[section]);
  if (missing !== undefined) throw unsupported(`SYSTEM$BOOTSTRAP_DATA_REQUEST('${missing}')`);
  const given = asked.length === 0 ? Object.keys(sections) : asked;
  const data = Object.assign({ serverVersion: settings.version }, ...given.map((section) => sections[section]));
  return { kind: "text", value: JSON.stringify(data) };
}
