import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());
beforeEach(() => client.run("create or replace table t (a int, b varchar)"));

describe("variables and values", () => {
  test("RETURN gives one column named `anonymous block`; without it NULL", async () => {
    expect(await client.row("begin return 6 * 7; end")).toEqual({ "anonymous block": 42 });
    expect(await client.row("begin null; end")).toEqual({ "anonymous block": null });
  });

  test.each([
    ["declare x int default 5; begin x := x + 1; return x; end", 6],
    ["begin let s varchar := 'a'; s := s || 'b' || :s; return s; end", "aba"],
    ["begin let b boolean := 1 = 1; return b; end", true],
    ["begin let n number(10,2) := 1.239; return n; end", 1.24],
    ["begin let d date := '2026-02-28'; return to_char(dateadd(day, 1, d), 'YYYY-MM-DD'); end", "2026-03-01"],
    [
      "begin let t timestamp_ntz := '2026-02-28 10:11:12.345678'; return to_char(t, 'HH24:MI:SS.FF6'); end",
      "10:11:12.345678",
    ],
    ["begin let v variant := parse_json('{\"k\": [1, 2]}'); return v:k[1]::int; end", 2],
    ["begin let x := null; return x is null; end", true],
    ["begin let x := 1; begin let x := 2; end; return x; end", 1],
    ["begin let x := 1; begin x := 2; end; return x; end", 2],
    ["begin let n := 0; n := 12345678901234567890; return n::varchar; end", "12345678901234567890"],
  ])("%s", async (sqlText, value) => {
    expect(await client.value(sqlText)).toEqual(value);
  });

  test("a value that its variable's type cannot hold is refused", async () => {
    const failure = await client.failure("begin let s varchar(3) := 'abcd'; return s; end");
    expect(failure.message).toBe(
      "Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 10 : String 'abcd' is too long and would be truncated",
    );
  });

  test("a name that nobody declared is refused", async () => {
    expect((await client.failure("begin y := 1; end")).message).toContain("invalid identifier 'Y'");
    expect((await client.failure("begin return y; end")).message).toContain("invalid identifier 'Y'");
  });
});

describe("SQL in a block", () => {
  test(":v stands in statements, SELECT ... INTO fills variables", async () => {
    await client.run("insert into t values (1, 'one'), (2, 'two')");
    const result = await client.value(`
      declare k int default 2; word varchar; n int;
      begin
        select b, a * 10 into :word, :n from t where a = :k;
        update t set b = upper(:word) where a = :k;
        return word || n || sqlrowcount || sqlfound || sqlnotfound;
      end`);
    expect(result).toBe("two201truefalse");
    expect(await client.column("select b from t order by a")).toEqual(["one", "TWO"]);
  });

  test("SELECT ... INTO takes exactly one row", async () => {
    const failure = await client.failure("declare x int; begin select a into :x from t; end");
    expect(failure.message).toContain("A SELECT INTO statement expects exactly 1 returned row, but got 0.");
  });

  test("each statement commits by itself: what ran before an error stays", async () => {
    const failure = await client.failure("begin insert into t values (1, 'a'); insert into nowhere values (1); end");
    expect(failure.code).toBe("002003");
    expect(await client.value("select count(*) from t")).toBe(1);
  });

  test("inside a transaction a rollback takes the block's rows with it", async () => {
    await client.run(
      "begin transaction",
      "begin insert into t values (1, 'a'); insert into t values (2, 'b'); end",
      "rollback",
    );
    expect(await client.value("select count(*) from t")).toBe(0);
  });

  test("scalar subqueries read tables, with :v inside", async () => {
    await client.run("insert into t values (1, 'a'), (5, 'b')");
    expect(
      await client.value("begin let k := 3; let m int := (select max(a) from t where a > :k); return m; end"),
    ).toBe(5);
  });

  test("SQLID names the statement before, whose result RESULT_SCAN reads", async () => {
    const sum = await client.value(`begin
      show tables like 'T';
      let id varchar := sqlid;
      let n int := (select count(*) from table(result_scan(:id)));
      return n;
    end`);
    expect(sum).toBe(1);
  });
});

describe("control flow", () => {
  test.each([
    ["begin if (1 > 2) then return 'a'; elseif (2 > 1) then return 'b'; else return 'c'; end if; end", "b"],
    ["begin if (null) then return 'a'; else return 'c'; end if; end", "c"],
    ["begin let x := 2; case (x) when 1 then return 'one'; when 2 then return 'two'; end case; end", "two"],
    ["begin let x := 9; case when x < 5 then return 'low'; else return 'high'; end; end", "high"],
    [
      "begin let s := ''; for i in 1 to 4 do if (i = 3) then continue; end if; s := s || i; end for; return s; end",
      "124",
    ],
    ["begin let s := ''; for i in reverse 1 to 3 do s := s || i; end for; return s; end", "321"],
    ["begin let n := 0; for i in 5 to 1 do n := n + 1; end for; return n; end", 0],
    ["begin let n := 0; while (n < 5) do n := n + 2; end while; return n; end", 6],
    ["begin let n := 0; repeat n := n + 1; until (n >= 3) end repeat; return n; end", 3],
    ["begin let n := 0; loop n := n + 1; if (n = 7) then break; end if; end loop; return n; end", 7],
    [
      "begin let n := 0; for i in 1 to 3 do for j in 1 to 3 do n := n + 1; if (j = 2) then break outer_loop; end if; end for; end for outer_loop; return n; end",
      2,
    ],
  ])("%s", async (sqlText, value) => {
    expect(await client.value(sqlText)).toEqual(value);
  });

  test("an endless loop ends when the client cancels, and leaves the server alive", async () => {
    const other = await snowglobe.connect();
    const request = new AbortController();
    const session = await snowglobe.engine.login({
      user: "ADMIN",
      password: "correct horse battery staple",
      parameters: {},
      clientApplication: "test",
    });
    const endless = session.execute({
      sqlText: "begin loop null; end loop; end",
      describeOnly: false,
      queryId: "00000000-0000-0000-0000-000000000001",
      signal: request.signal,
    });
    expect(await other.value("select 1")).toBe(1);
    request.abort();
    await expect(endless).rejects.toMatchObject({ code: "000604" });
    await session.close();
  });
});

describe("cursors and result sets", () => {
  beforeEach(() => client.run("insert into t values (1, 'a'), (2, 'b'), (3, 'c')"));

  test("FOR over a cursor gives its columns by name", async () => {
    const text = await client.value(`
      declare s varchar default ''; c cursor for select a, b from t order by a;
      begin for r in c do s := s || r.a || r.b; end for; return s; end`);
    expect(text).toBe("1a2b3c");
  });

  test("OPEN ... USING, FETCH and CLOSE; past the end FETCH gives NULL", async () => {
    const text = await client.value(`
      declare c cursor for select b from t where a >= ? order by a; x varchar; s varchar default '';
      begin
        open c using (2);
        fetch c into x; s := s || x;
        fetch c into x; s := s || x;
        fetch c into x; s := s || coalesce(x, '-');
        close c;
        return s;
      end`);
    expect(text).toBe("bc-");
  });

  test("a cursor that is not open cannot be read", async () => {
    const failure = await client.failure("declare c cursor for select 1; x int; begin fetch c into x; end");
    expect(failure.message).toContain("Cursor 'C' is not open.");
  });

  test("RETURN TABLE gives a RESULTSET as the block's result", async () => {
    const rows = await client.rows(`
      declare k int default 2; r resultset default (select a, b from t where a >= :k order by a);
      begin return table(r); end`);
    expect(rows).toEqual([
      { A: 2, B: "b" },
      { A: 3, B: "c" },
    ]);
  });

  test("a RESULTSET by assignment, of EXECUTE IMMEDIATE, and through a cursor", async () => {
    const sum = await client.value(`
      declare r resultset; n int default 0;
      begin
        let text := 'select a from t where a > ?'; let k := 1;
        r := (execute immediate :text using (k));
        let c cursor for r;
        for one in c do n := n + one.a; end for;
        r := (select a from t);
        for one in r do n := n + one.a; end for;
        return n;
      end`);
    expect(sum).toBe(11);
  });

  test("what is refused by name no handler hides", async () => {
    const failure = await client.failure("begin create share s; exception when other then return 1; end");
    expect(failure).toMatchObject({ code: "000002", message: expect.stringContaining("'CREATE SHARE'") });
  });

  test("FETCH fills as many variables as there are columns, and the other way round", async () => {
    const open = "declare c cursor for select a, b from t order by a; x int; y varchar; z int default 7; begin open c;";
    expect(await client.value(`${open} fetch c into x, y, z; return x || y || z; end`)).toBe("1a7");
    expect(await client.value(`${open} fetch c into x; return x; end`)).toBe(1);
  });

  test("RESULTSET_FROM_CURSOR gives all rows, also those that were fetched", async () => {
    const rows = await client.rows(
      "declare c cursor for select a from t order by a; x int; begin open c; fetch c into x; return table(resultset_from_cursor(c)); end",
    );
    expect(rows).toEqual([{ A: 1 }, { A: 2 }, { A: 3 }]);
  });
});

describe("exceptions", () => {
  test.each([
    ["begin select 1 / 0; exception when statement_error then return 'S' || sqlcode || sqlstate; end", "S10005122012"],
    ["begin return 1 / 0; exception when expression_error then return 'E' || sqlerrm; end", "EDivision by zero"],
    ["begin insert into nowhere values (1); exception when other then return sqlcode; end", 2003],
    [
      "declare e exception (-20005, 'mine'); begin raise e; exception when e then return sqlcode || sqlerrm || sqlstate; end",
      "-20005mineP0001",
    ],
    [
      "declare e exception; begin begin raise e; exception when statement_error then return 'no'; end; exception when e then return 'outer'; end",
      "outer",
    ],
    [
      "declare e exception; f exception; begin begin raise e; exception when e then raise f; end; exception when f then return 'f'; end",
      "f",
    ],
    [
      "declare e exception (-20001, 'x'); begin begin raise e; exception when e then raise; end; exception when e then return 'again ' || sqlerrm; end",
      "again x",
    ],
    ["begin let n := 1; select 1/0; n := n + 1; return n; exception when other continue then n := 10; end", 11],
    [
      "begin let s := ''; for i in -1 to 1 do s := s || (10 / i)::int; end for; return s; exception when other continue then s := s || '!'; end",
      "-10!10",
    ],
  ])("%s", async (sqlText, value) => {
    expect(await client.value(sqlText)).toEqual(value);
  });

  test("without a handler the client gets kind, place and message", async () => {
    expect(await client.failure("declare\n  e exception (-20007, 'no good');\nbegin\n  raise e;\nend")).toEqual({
      code: "-20007",
      sqlState: "P0001",
      message: "Uncaught exception of type 'E' on line 4 at position 2 : no good",
    });
    expect((await client.failure("begin\n  let x := 1;\n  x := x / 0;\nend")).message).toBe(
      "Uncaught exception of type 'EXPRESSION_ERROR' on line 3 at position 2 : Division by zero",
    );
  });

  test("errors in DECLARE belong to the block around", async () => {
    expect(
      await client.value(
        "begin declare x int default 1 / 0; begin null; exception when other then return 'in'; end; exception when other then return 'out'; end",
      ),
    ).toBe("out");
  });
});

describe("EXECUTE IMMEDIATE", () => {
  test("text, session variable, block, USING", async () => {
    expect(await client.value("execute immediate 'select 3'")).toBe(3);
    await client.run("set stmt = 'select 4'");
    expect(await client.value("execute immediate $stmt")).toBe(4);
    expect(await client.value("execute immediate $$ begin return 5; end $$")).toBe(5);
    expect(
      await client.value(
        "begin let a := 2; let b := 3; execute immediate 'insert into t values (?, ?)' using (a, b); return sqlrowcount; end",
      ),
    ).toBe(1);
  });

  test("a text that runs itself is refused", async () => {
    await client.run("set me = 'execute immediate $me'");
    expect((await client.failure("execute immediate $me")).code).toBe("000002");
  });
});
