// A sandbox, a client that signs by hand, and a browser.
"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { createHmac } = require("node:crypto");
const { createInterface } = require("node:readline");
const { chromium } = require("playwright-core");

const SMS = "c0ffee00-0000-4000-8000-000000000011";
const EMAIL = "c0ffee00-0000-4000-8000-000000000012";
const LETTER = "c0ffee00-0000-4000-8000-000000000013";

/** A running sandbox, started by the program as people start it. */
class Sandbox {
  static async start(...options) {
    const program = spawn(process.env.NOTIFY_PROGRAM ?? "notify", ["sandbox", "--quiet", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const sandbox = new Sandbox(program);
    for await (const line of createInterface({ input: program.stdout })) {
      const key = /^export NOTIFY_API_KEY=(\S+) NOTIFY_BASE_URL=(\S+)$/.exec(line);
      if (key && !sandbox.key) [, sandbox.key, sandbox.url] = key;
      if (line.startsWith("Authorization: ")) sandbox.authorization = line.slice("Authorization: ".length);
      if (/^http\S+\/sandbox\/inbox/.test(line)) {
        sandbox.inbox = line;
        break;
      }
    }
    assert.ok(sandbox.key && sandbox.inbox, "it prints a key and the address of the inbox");
    return sandbox;
  }

  constructor(program) {
    this.program = program;
  }

  stop() {
    this.program.kill();
  }

  /** Calls the control API. */
  async order(method, path, body) {
    const headers = { "X-Sandbox": "1", ...(this.authorization && { Authorization: this.authorization }) };
    const answer = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.json();
  }

  /** An `Authorization` header by a key. */
  bearer(key = this.key, claims = {}) {
    const [secret, service] = [key.slice(-36), key.slice(-73, -37)];
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const iat = Math.floor(Date.now() / 1000);
    const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: service, iat, ...claims })}`;
    return `Bearer ${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  }

  /** Asks the service, and gives the status and the JSON of its answer. */
  async send(type, form, authorization = this.bearer()) {
    const answer = await fetch(`${this.url}/v2/notifications/${type}`, {
      method: "POST",
      headers: { Authorization: authorization, "Content-Type": "application/json" },
      body: JSON.stringify(form),
    });
    return { status: answer.status, ...(await answer.json()) };
  }

  sms(more = {}) {
    const { personalisation, ...rest } = more;
    return this.send("sms", {
      phone_number: "07900900123", template_id: SMS,
      personalisation: { name: "Kim", "permit number": "E15", ...personalisation }, ...rest,
    });
  }

  email(more = {}) {
    const { personalisation, ...rest } = more;
    return this.send("email", {
      email_address: "amala@example.com", template_id: EMAIL,
      personalisation: { name: "Amala", "permit number": "E15", parking: "yes", ...personalisation }, ...rest,
    });
  }

  letter(more = {}, authorization = this.bearer()) {
    return this.send("letter", {
      template_id: LETTER,
      personalisation: {
        address_line_1: "Amala Bird", address_line_2: "123 High Street", address_line_3: "SW14 6BF",
        name: "Amala", "permit number": "E15",
      },
      ...more,
    }, authorization);
  }
}

/** A browser; as root, Chromium has no sandbox of its own. */
const browser = (...more) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", ...more],
  });

/** A page of the browser on which every complaint of the console and every foreign request is kept. */
async function visit(context, url) {
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.foreign = [];
  page.on("request", (request) => {
    if (/^https?:/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin) {
      page.foreign.push(request.url());
    }
  });
  await page.goto(url);
  return page;
}

module.exports = { EMAIL, LETTER, SMS, Sandbox, browser, visit };
