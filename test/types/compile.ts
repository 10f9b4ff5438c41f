import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..", "..");

/** Compiles programs that stand in this folder with the project's own settings; what the compiler says of each. */
export function compile(programs: Readonly<Record<string, string>>): Record<string, string[]> {
  const texts = new Map(
    Object.entries(programs).map(([name, text]) => [join(import.meta.dirname, `${name}.ts`), text]),
  );
  const options = { ...readOptions(), noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  const program = ts.createProgram({ rootNames: [...texts.keys()], options, host });
  return Object.fromEntries(
    Object.keys(programs).map((name) => {
      const file = program.getSourceFile(join(import.meta.dirname, `${name}.ts`));
      const found = file ? ts.getPreEmitDiagnostics(program, file) : [];
      return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))];
    }),
  );
}

/** The names that a module shows, types included. */
export function exportedNames(path: string): string[] {
  const file = join(root, path);
  const program = ts.createProgram({ rootNames: [file], options: readOptions() });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${path} is no module`);
  return checker
    .getExportsOfModule(module)
    .map(({ name }) => name)
    .sort();
}

function readOptions(): ts.CompilerOptions {
  const file = join(root, "tsconfig.test.json");
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}
