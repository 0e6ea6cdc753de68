// A test for Node's own runner, `node --test`, with its own sandbox. It runs the `notify` program on the PATH, or the one that
// NOTIFY_PROGRAM names.
"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { existsSync, mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { after, before, beforeEach, test } = require("node:test");
const { setTimeout: sleep } = require("node:timers/promises");
const { NotifyClient } = require("notifications-node-client");

const TEMPLATE = "c0ffee00-0000-4000-8000-000000000011";
const folder = mkdtempSync(join(tmpdir(), "notify-"));
let sandbox, url, client;

// Calls any part of the sandbox's control API: see CONTROL.md.
async function control(method, path, body) {
  const answer = await fetch(url + path, { method, headers: { "X-Sandbox": "1" }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

before(async () => {
  const ready = join(folder, "url");
  sandbox = spawn(process.env.NOTIFY_PROGRAM ?? "notify", ["sandbox", "--quiet", "--ready-file", ready], { stdio: "ignore" });
  while (!existsSync(ready)) {
    assert.equal(sandbox.exitCode, null, "the sandbox does not start");
    await sleep(5);
  }
  url = readFileSync(ready, "utf8").trim();
  const { keys } = await control("GET", "/sandbox/keys");
  client = new NotifyClient(url, keys.find((key) => key.type === "live").key);
});

after(() => {
  sandbox.kill();
  rmSync(folder, { recursive: true });
});

beforeEach(() => control("POST", "/sandbox/reset"));

const tell = (reference) =>
  client.sendSms(TEMPLATE, "07900900123", { personalisation: { name: "Kim", "permit number": "E15" }, reference });

test("the text names the person and the permit", async () => {
  await tell("r");
  const { messages } = await control("GET", "/sandbox/messages?to=%2B447900900123");
  assert.equal(messages[0].body, "Hello Kim, your permit E15 is ready.");
});

test("a service in trouble is reported, and nothing is sent", async () => {
  await control("POST", "/sandbox/faults", { fault: "answer", status: 503, next: 1 });
  await assert.rejects(tell("r"), (error) => error.response.status === 503);
  assert.deepEqual((await control("GET", "/sandbox/messages")).messages, []);
});

test("a lost answer does not mean a lost message", async () => {
  await control("POST", "/sandbox/faults", { fault: "drop", effect: "done", next: 1 });
  await assert.rejects(tell("lost"));
  assert.equal((await control("GET", "/sandbox/messages?reference=lost")).messages.length, 1);
});

test("a fault for one person spares the others", async () => {
  await control("POST", "/sandbox/faults", { fault: "answer", status: 503, to: "+44 7900 900123" });
  await assert.rejects(tell("r"), (error) => error.response.status === 503);
  await client.sendSms(TEMPLATE, "07900900124", { personalisation: { name: "Lee", "permit number": "E16" } });
});

test("a magic recipient has the outcome of its name", async () => {
  await client.sendSms(TEMPLATE, "07700900962", { personalisation: { name: "Kim", "permit number": "E15" } });
  await control("PUT", "/sandbox/clock", { advance_seconds: 60 });
  const { messages } = await control("GET", "/sandbox/messages?status=permanent-failure");
  assert.equal(messages.length, 1);
});

test("a token from a clock ten minutes off is refused, as by the service", async () => {
  await control("PUT", "/sandbox/clock", { advance_seconds: 600 });
  await assert.rejects(tell("r"), (error) => error.response.status === 403);
});
