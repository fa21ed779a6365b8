/** `./workshop pulumi`: which of the engine's commands reach the target. */
import { pulumiCommandOf } from "../../cli/commands/pulumi";

test.each([
  [["up", "--yes"], "up"],
  [["--yes", "up"], "up"],
  [["-C", "elsewhere", "--color", "never", "preview"], "preview"],
  [["env", "run", "a/b", "--", "./workshop", "preview"], "env"],
  [["--version"], undefined],
  [[], undefined],
])("the command among %j is %s", (args, command) => {
  expect(pulumiCommandOf(args)).toBe(command);
});
