import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import type { CommandEntry } from "../../src/cli/commands.js";
import { main } from "../../src/cli/main.js";

const commands: CommandEntry[] = [
  {
    name: "greet",
    summary: "Greets.",
    load: async () => ({
      usage: ["greet [--loud] <name>", "--loud   in capitals"],
      run: async ([name], { out }) => {
        if (name === undefined) throw new Error("expected a name");
        out(`hello ${name}`);
        return 3;
      },
    }),
  },
];

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await main(args, output, commands);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("telltale", () => {
  it("runs a command with the arguments after its name, and exits with its code", async () => {
    expect(await run("greet", "Ada")).toEqual({ code: 3, out: "hello Ada", err: "" });
  });

  it("prints what a command throws, and exits with 1", async () => {
    expect(await run("greet")).toEqual({ code: 1, out: "", err: "telltale greet: expected a name" });
  });

  it.each(["--help", "-h"])("lists its commands on %s", async (flag) => {
    const { code, out } = await run(flag);
    expect([code, out]).toEqual([0, expect.stringMatching(/^ {2}greet +Greets\.$/m)]);
  });

  it("tells the options of a command, and does not run it", async () => {
    const { code, out } = await run("greet", "Ada", "--help");
    expect(code).toBe(0);
    expect(out).toBe("Usage: telltale greet [--loud] <name>\n\nGreets.\n\n  --loud   in capitals");
  });

  it("tells the version of the package", async () => {
    expect((await run("--version")).out).toBe(packageJson.version);
  });

  it.each([[[]], [["gret"]]])("refuses %j on stderr with the list, and exits with 1", async (args) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("greet");
  });

  it("has the commands of the package", async () => {
    const lines: string[] = [];
    expect(await main(["--help"], { out: (line) => void lines.push(line), err: () => undefined })).toBe(0);
    expect(lines.join("\n")).toContain("healthcheck");
  });
});
