import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import ts from "typescript";

/** One import: `type` leaves no trace in the output, `load` runs with the module, `lazy` when it is called for. */
export interface Arrow {
  /** A file of the graph, or the name of a package. */
  readonly to: string;
  readonly kind: "type" | "load" | "lazy";
}

/** What the rules need to know of one source file. */
export interface SourceModule {
  readonly lines: number;
  /** True when it exports a constant annotated `Collector<…>`, so binds a client. */
  readonly bindsClient: boolean;
  readonly arrows: readonly Arrow[];
}

/** Source files by their path from `src/`, with forward slashes. */
export type ImportGraph = ReadonlyMap<string, SourceModule>;

/** Reads every TypeScript file below `folder`. */
export function readImportGraph(folder: string): ImportGraph {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => /\.m?ts$/.test(path));
  return new Map(
    paths.sort().map((path) => [path, parseModule(path, readFileSync(join(folder, path), "utf8"))]),
  );
}

/** Reads one file's imports from its text. */
export function parseModule(path: string, text: string): SourceModule {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const arrows: Arrow[] = [];
  const visit = (node: ts.Node): void => {
    const found = arrowOf(node);
    if (found) arrows.push({ kind: found.kind, to: resolve(path, found.to) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  const lines = text.trimEnd().split("\n").length;
  return { lines, arrows, bindsClient: source.statements.some(declaresCollector) };
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return packageOf(specifier);
  return posix.join(posix.dirname(from), specifier).replace(/\.(m?)js$/, ".$1ts");
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function arrowOf(node: ts.Node): Arrow | undefined {
  if (ts.isImportDeclaration(node))
    return arrow(node.moduleSpecifier, importsTypesOnly(node) ? "type" : "load");
  if (ts.isExportDeclaration(node))
    return arrow(node.moduleSpecifier, exportsTypesOnly(node) ? "type" : "load");
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return arrow(node.argument.literal, "type");
  if (ts.isExternalModuleReference(node)) return arrow(node.expression, "load");
  if (ts.isCallExpression(node) && loadsModule(node.expression)) return arrow(node.arguments[0], "lazy");
  return undefined;
}

function arrow(specifier: ts.Node | undefined, kind: Arrow["kind"]): Arrow | undefined {
  return specifier && ts.isStringLiteralLike(specifier) ? { to: specifier.text, kind } : undefined;
}

function importsTypesOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = importClause.namedBindings;
  return (
    !importClause.name && !!named && ts.isNamedImports(named) && named.elements.every((one) => one.isTypeOnly)
  );
}

function exportsTypesOnly({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true;
  return (
    !!exportClause && ts.isNamedExports(exportClause) && exportClause.elements.every((one) => one.isTypeOnly)
  );
}

function loadsModule(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require")
  );
}

function declaresCollector(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  if (!statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return false;
  return statement.declarationList.declarations.some(({ type }) => {
    return !!type && ts.isTypeReferenceNode(type) && type.typeName.getText() === "Collector";
  });
}
