#!/usr/bin/env node
import { main } from "./cli/main.js";

const output = { out: console.log, err: console.error };
void main(process.argv.slice(2), output).then((code) => {
  process.exitCode = code;
});
