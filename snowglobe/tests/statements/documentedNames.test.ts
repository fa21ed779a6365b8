import { documentedParameters } from "../../src/catalog/documentedParameters";
import { documentedPrivileges } from "../../src/catalog/documentedPrivileges";
import { PARAMETERS } from "../../src/catalog/parameters";
import { PRIVILEGES } from "../../src/catalog/privileges";
import { FOREIGN_KINDS } from "../../src/sql";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run("create database d", "create role r");
});
afterAll(() => snowglobe.stop());

/** The code of the error that a statement gives; undefined when it succeeds. */
async function code(sqlText: string): Promise<string | undefined> {
  try {
    await admin.rows(sqlText);
    return undefined;
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

describe("a name that Snowflake has is done or refused by name, one that nobody has is an error of its own", () => {
  it("parameters", async () => {
    const done = new Set(PARAMETERS.map(({ name }) => name));
    const open = documentedParameters.filter((name) => !done.has(name));
    for (const name of open) {
      expect([name, await code(`alter session set ${name} = 'x'`)]).toEqual([name, "000002"]);
      expect([name, await code(`alter database d set ${name} = 'x'`)]).toEqual([name, "000002"]);
    }
    expect(await code("alter session set no_such_parameter = 1")).toBe("001006");
    expect(await code("alter database d set no_such_parameter = 1")).toBe("001003");
  });

  it("what is done is documented, but for what drivers send", () => {
    const documented = new Set(documentedParameters);
    const own = PARAMETERS.map(({ name }) => name).filter((name) => !documented.has(name));
    expect(own.filter((name) => !/^(CLIENT|JDBC|ODBC|GO|PYTHON|ENABLE)_/.test(name))).toEqual([]);
  });

  it("privileges", async () => {
    const done = new Set(Object.values(PRIVILEGES).flat());
    for (const privilege of documentedPrivileges.filter((name) => !done.has(name))) {
      const expected = [privilege, "000002"];
      expect([privilege, await code(`grant ${privilege} on account to role r`)]).toEqual(expected);
    }
    for (const privilege of PRIVILEGES.ACCOUNT) {
      expect([privilege, await code(`grant ${privilege} on account to role r`)]).toEqual([privilege, undefined]);
    }
    expect(await code("grant create compute pool on account to role r")).toBe("000002");
    expect(await code("grant make coffee on account to role r")).toBe("003008");
    expect(await code("grant create coffee on account to role r")).toBe("003008");
    expect(await code("grant select on account to role r")).toBe("003008");
    expect(await code("grant imported privileges on database d to role r")).toBe("003008");
  });

  it("kinds of objects", async () => {
    for (const kind of FOREIGN_KINDS) {
      for (const statement of [`create ${kind} x`, `alter ${kind} x set comment = 'c'`, `drop ${kind} if exists x`]) {
        expect([statement, await code(statement)]).toEqual([statement, "000002"]);
      }
      for (const statement of [
        `describe ${kind} x`,
        `comment on ${kind} x is 'c'`,
        `grant usage on ${kind} x to role r`,
      ]) {
        expect([statement, await code(statement)]).toEqual([statement, "000002"]);
      }
    }
    for (const statement of ["show compute pools", "show authentication policies", "show git repositories"]) {
      expect([statement, await code(statement)]).toEqual([statement, "000002"]);
    }
    for (const statement of ["show versions in model m", "execute notebook n()", "execute dbt project p"]) {
      expect([statement, await code(statement)]).toEqual([statement, "000002"]);
    }
    for (const statement of [
      "create coffee x",
      "drop coffee x",
      "alter coffee x",
      "show coffees",
      "execute coffee x",
    ]) {
      expect([statement, await code(statement)]).toEqual([statement, "001003"]);
    }
  });
});
