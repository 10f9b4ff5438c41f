import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The project's folder. */
export const ROOT: string = join(import.meta.dirname, "..", "..");

/** A page written for people, by its path in the project. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of code. */
export interface Snippet {
  /** Page and line of its fence, for messages. */
  readonly where: string;
  readonly language: string;
  readonly code: string;
}

/** README, CONTRIBUTING and everything in docs. */
export function readPages(): Page[] {
  const below = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
  const docs = below.filter((path) => path.endsWith(".md")).map((path) => join("docs", path));
  const paths = ["README.md", "CONTRIBUTING.md", ...docs.sort()];
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** The fenced blocks of a page. */
export function snippetsOf({ path, text }: Page): Snippet[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((found) => ({
    where: `${path}:${text.slice(0, found.index).split("\n").length}`,
    language: found[1] ?? "",
    code: found[2] ?? "",
  }));
}

/** The targets of a page's relative links, each as a path in the project with its anchor. */
export function linksOf({ path, text }: Page): { target: string; anchor: string }[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = "", anchor = ""] = link.split("#");
      const target = file === "" ? path : relative(ROOT, join(ROOT, dirname(path), file));
      return { target, anchor };
    });
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}
