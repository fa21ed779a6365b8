import { LAST_TIME, LONGEST_ADVANCE, RealClock, VirtualClock } from "../src/clock";

const SECOND = 1_000_000;

describe.each([
  ["the real clock", () => new RealClock()],
  ["a virtual clock", () => new VirtualClock(1_700_000_000 * SECOND)],
])("%s, moved ahead", (_name, make) => {
  it("rings what becomes due in the order of time, each at its time, and alarms that alarms set", async () => {
    const clock = make();
    const start = clock.now();
    const rung: [string, number][] = [];
    const ring = (name: string) => async () => {
      await Promise.resolve();
      rung.push([name, Math.floor((clock.now() - start) / SECOND)]);
    };
    clock.alarm(start + 20 * SECOND, ring("second"));
    clock.alarm(start + 10 * SECOND, async () => {
      await ring("first")();
      clock.alarm(start + 30 * SECOND, ring("set by the first"));
    });
    clock.alarm(start + 120 * SECOND, ring("too late"))();
    await clock.advance(60 * SECOND);
    expect(rung).toEqual([
      ["first", 10],
      ["second", 20],
      ["set by the first", 30],
    ]);
    expect(clock.now()).toBeGreaterThanOrEqual(start + 60 * SECOND);
  });

  it("rings no alarm that was cancelled, by another alarm of that time either", async () => {
    const clock = make();
    const rung: string[] = [];
    const at = clock.now() + SECOND;
    clock.alarm(at, async () => {
      rung.push("first");
      cancelSecond();
    });
    const cancelSecond = clock.alarm(at, async () => void rung.push("second"));
    await clock.advance(2 * SECOND);
    expect(rung).toEqual(["first"]);
  });

  it("refuses a distance that never ends, and goes on", async () => {
    const clock = make();
    const start = clock.now();
    for (const by of [1e300, Infinity, NaN, -1, LONGEST_ADVANCE + 1]) {
      await expect(clock.advance(by)).rejects.toThrow("0 to 366 days");
    }
    clock.moveTo(LAST_TIME - SECOND);
    await expect(clock.advance(60 * SECOND)).rejects.toThrow("2199");
    await clock.advance(SECOND / 2);
    expect(clock.now()).toBeGreaterThan(start);
  });

  it("goes on after an alarm that failed", async () => {
    const clock = make();
    clock.alarm(clock.now() + SECOND, () => Promise.reject(new Error("no luck")));
    await expect(clock.advance(2 * SECOND)).rejects.toThrow("no luck");
    const before = clock.now();
    await clock.advance(SECOND);
    expect(clock.now() - before).toBeGreaterThanOrEqual(SECOND);
  });

  it("moves once after another", async () => {
    const clock = make();
    const start = clock.now();
    await Promise.all([clock.advance(10 * SECOND), clock.advance(10 * SECOND)]);
    expect(clock.now() - start).toBeGreaterThanOrEqual(20 * SECOND);
    expect(clock.now() - start).toBeLessThan(30 * SECOND);
  });
});

describe("the real clock by itself", () => {
  it("rings an alarm whose time has come, also the second of two, and after it was moved", async () => {
    const clock = new RealClock();
    await clock.advance(3600 * SECOND);
    const rung: string[] = [];
    await new Promise<void>((resolve) => {
      clock.alarm(clock.now() + 20_000, async () => {
        rung.push("later");
        resolve();
      });
      clock.alarm(clock.now() - SECOND, async () => void rung.push("passed already"));
    });
    expect(rung).toEqual(["passed already", "later"]);
  });
});
