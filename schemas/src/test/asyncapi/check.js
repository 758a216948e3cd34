// Checks AsyncAPI documents with AsyncAPI's own parser and rules: node check.js FILE...
// Prints what they say; ends with 1 if a document has an error or a warning.

import { Parser, fromFile } from "@asyncapi/parser";

const SEVERITIES = ["error", "warning", "information", "hint"];
const WARNING = 1;

const parser = new Parser();
let bad = 0;

for (const file of process.argv.slice(2)) {
  const diagnostics = await fromFile(parser, file).validate();
  for (const { severity, code, message, path } of diagnostics) {
    console.log(`${file}: ${SEVERITIES[severity]} ${code} at ${path.join(".")}: ${message}`);
    if (severity <= WARNING) {
      bad++;
    }
  }
  console.log(`${file}: ${diagnostics.length} remarks`);
}

process.exit(bad === 0 ? 0 : 1);
