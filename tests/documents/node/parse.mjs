// Parses the AsyncAPI documents whose paths are given; prints the errors of each, as a JSON array of arrays.
import { readFile } from "node:fs/promises";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";

const parser = new Parser();
const found = [];
for (const source of process.argv.slice(2)) {
  const { diagnostics } = await parser.parse(await readFile(source, "utf8"), { source });
  const errors = diagnostics.filter(({ severity }) => severity === DiagnosticSeverity.Error);
  found.push(errors.map(({ code, message, path }) => `${path.join(".")}: ${message} (${code})`));
}
console.log(JSON.stringify(found));
