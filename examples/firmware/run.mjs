#!/usr/bin/env node
// The host of a WebAssembly build. It lets the program read input.txt of the current folder, prints what the program
// writes, and exits with its status. Usage: run.mjs PROGRAM.wasm
import { readFileSync, writeSync } from "node:fs";

const input = readFileSync("input.txt");
let position = 0;

const host = {
  read: () => input[position++] ?? -1,
  write: (start, length) => writeSync(1, new Uint8Array(instance.exports.memory.buffer, start, length)),
  exit: (status) => process.exit(status),
};

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), { host });
instance.exports._start();
