import { Interrupted } from "../../cli/errors";
import { describe as describeLoans, isTopOf, sameLoans } from "../../cli/scenario/loans";
import { fastPace, waitFor } from "../../cli/scenario/pace";
import { lagSeconds } from "../../cli/scenario/stage";
import { Teller, wrap } from "../../cli/scenario/teller";
import { ManualInterrupt, recordedTerminal, removeFolders } from "./support/context";

afterAll(removeFolders);

describe("waiting", () => {
  const waiting = (advance: (seconds: number) => Promise<void> = async () => undefined) => ({
    terminal: recordedTerminal().terminal,
    interrupt: new ManualInterrupt(),
    pace: fastPace(5, advance),
  });

  it("looks before it lets time pass, and tells how long it took", async () => {
    expect(await waitFor(waiting(), "waiting", 60, async () => "there")).toEqual({ seen: "there", seconds: 0 });
    let now = 0;
    const moving = waiting(async (seconds) => void (now += seconds));
    const look = async (): Promise<true | undefined> => (now >= 12 ? true : undefined);
    expect(await waitFor(moving, "waiting", 60, look)).toEqual({ seen: true, seconds: 15 });
  });

  it("gives up at the limit, after a last look", async () => {
    let looks = 0;
    const look = async (): Promise<undefined> => void looks++;
    expect(await waitFor(waiting(), "waiting", 10, look)).toBeUndefined();
    expect(looks).toBe(3);
  });

  it("ends on Ctrl-C", async () => {
    const parts = waiting(async () => parts.interrupt.pull());
    await expect(waitFor(parts, "waiting", 60, async () => undefined)).rejects.toThrow(Interrupted);
  });
});

describe("what was expected", () => {
  it("is told with a sign; what was not seen is kept with what was there instead", () => {
    const { terminal, out } = recordedTerminal();
    const teller = new Teller(terminal, new ManualInterrupt(), false);
    expect(teller.expect("one mail was sent", true, "0 were")).toBe(true);
    expect(teller.expect("the table is empty", false, "2 rows")).toBe(false);
    expect(out()).toBe("   ✓ one mail was sent\n   ✗ the table is empty: 2 rows\n");
    expect([teller.seen, teller.missed]).toEqual([1, ["the table is empty: 2 rows"]]);
  });

  it("is not told after Ctrl-C: a step does not begin", async () => {
    const interrupt = new ManualInterrupt();
    interrupt.pull();
    const teller = new Teller(recordedTerminal().terminal, interrupt, false);
    await expect(teller.step("Next", "Because.")).rejects.toThrow(Interrupted);
  });
});

test("text is broken between words, and each line indented", () => {
  const lines = wrap("word ".repeat(40), "   ");
  expect(lines.join(" ").match(/word/g)).toHaveLength(40);
  for (const line of lines) {
    expect(line.length).toBeLessThanOrEqual(92);
    expect(line).toMatch(/^ {3}word/);
  }
});

test("loans by state are compared by state and number", () => {
  const all = new Map([
    ["CA", 3],
    ["NY", 2],
    ["WY", 1],
  ]);
  expect(sameLoans(all, new Map([...all].reverse()))).toBe(true);
  expect(sameLoans(all, new Map([["CA", 3]]))).toBe(false);
  expect(sameLoans(all, new Map([...all, ["NY", 4]]))).toBe(false);
  const two = new Map([
    ["NY", 2],
    ["WY", 1],
  ]);
  expect(isTopOf(two, all, 2)).toBe(true);
  expect(isTopOf(two, all, 10)).toBe(false);
  expect(isTopOf(new Map([["CA", 4]]), all, 1)).toBe(false);
  expect([describeLoans(all), describeLoans(new Map([["CA", 7429]])), describeLoans(new Map())]).toEqual([
    "3 states with 6 loans",
    "CA 7,429",
    "no loans",
  ]);
});

test("a target lag is read in seconds; DOWNSTREAM has none", () => {
  expect(["1 minute", "90 seconds", "2 hours", "1 day", "DOWNSTREAM"].map(lagSeconds)).toEqual([
    60, 90, 7200, 86_400, 0,
  ]);
});
