// Node's judgement of the tokens: the same bytes from its own crypto, and jsonwebtoken makes and reads them too.
//
// Usage: tokens.cjs MINT VERIFY COUNT SEED, where MINT is a program that reads an API key and a moment a line, with a tab between, and
// writes a token a line, and VERIFY one that reads a token as the third field, and writes `ok` and its moment, or what is wrong.
"use strict";

const { spawnSync } = require("node:child_process");
const { createHash, createHmac } = require("node:crypto");
const jwt = require("jsonwebtoken");

const EDGES = [0n, 9n, 10n, 2n ** 31n, 2n ** 32n, 10n ** 10n - 1n, 10n ** 10n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n];

function fail(message) {
  console.error(message);
  process.exit(1);
}

// The case of a number: made from its hash, so that it can be made again.
function makeCase(seed, index) {
  const bytes = createHash("sha512").update(`${seed} ${index}`).digest();
  const uuid = (from) =>
    bytes.toString("hex", from, from + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const bits = BigInt(bytes[32] % 64) + 1n;
  const moment = EDGES[index] ?? bytes.readBigUInt64BE(33) >> (64n - bits);
  return { service: uuid(0), secret: uuid(16), moment };
}

function expected({ service, secret, moment }) {
  const encode = (text) => Buffer.from(text).toString("base64url");
  const signed = `${encode('{"alg":"HS256","typ":"JWT"}')}.${encode(`{"iss":"${service}","iat":${moment}}`)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

// What a program answers to these lines.
function ask(program, lines) {
  const done = spawnSync(program, { input: lines.join(""), maxBuffer: 2 ** 30, stdio: ["pipe", "pipe", "inherit"] });
  if (done.status !== 0) fail(`${program} ended with ${done.status ?? done.error}`);
  return done.stdout.toString().trimEnd().split("\n");
}

const [mint, verify, count, seed] = [process.argv[2], process.argv[3], Number(process.argv[4]), process.argv[5]];
const cases = Array.from({ length: count }, (_, index) => makeCase(seed, index));
const tokens = ask(mint, cases.map(({ service, secret, moment }) => `key-${service}-${secret}\t${moment}\n`));
if (tokens.length !== count) fail(`${tokens.length} tokens for ${count} cases`);
let alike = 0;
cases.forEach((each, index) => {
  const where = `case ${index} of seed ${seed}`;
  const { service, secret, moment } = each;
  const token = tokens[index];
  if (token !== expected(each)) fail(`${where}: Node makes another token for the moment ${moment}`);
  const read = jwt.verify(token, secret, { algorithms: ["HS256"] });
  // What reads JSON numbers as doubles rounds the largest moments.
  if (read.iss !== service || read.iat !== Number(moment)) fail(`${where}: jsonwebtoken reads other claims`);
  if (moment > 0n && moment <= Number.MAX_SAFE_INTEGER) {
    if (jwt.sign({ iss: service, iat: Number(moment) }, secret) !== token) fail(`${where}: jsonwebtoken makes another token`);
    alike += 1;
  }
});
// The moments that a double holds, under jsonwebtoken's own header and with the fields of the service's official client.
const held = cases.filter(({ moment }) => moment > 0n && moment <= Number.MAX_SAFE_INTEGER);
const theirs = held.map(({ service, secret, moment }, index) => {
  const options = index % 2 === 0 ? {} : { header: { typ: "JWT", alg: "HS256" } };
  return jwt.sign({ iss: service, iat: Number(moment) }, secret, options);
});
const lines = held.map(({ service, secret, moment }, index) => `${service}-${secret}\t${moment}\t${theirs[index]}\n`);
ask(verify, lines).forEach((verdict, index) => {
  if (verdict !== `ok ${held[index].moment}`) fail(`seed ${seed}: a token of jsonwebtoken's is not believed: ${verdict}`);
});
const version = require("jsonwebtoken/package.json").version;
console.log(`Node ${process.version}, jsonwebtoken ${version}: ${count} tokens are its own, ${alike} of them jsonwebtoken's, and its own are believed (seed ${seed})`);
