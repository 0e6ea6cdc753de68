// Notify.gov.au's own Node client, against a sandbox of that service: every public method of it, with success and with a refusal.
//
// Usage: australia.cjs SERVICE, where SERVICE is a program that starts a sandbox of the service it is given, writes a line of JSON with its
// address and keys, and ends when its input does.
"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const readline = require("node:readline");
const { Client } = require("@govau-platforms/notify-client");

const id = (end) => `c0ffee00-0000-4000-8000-0000000000${end}`;
const [SMS, EMAIL, NOBODY] = ["11", "12", "ff"].map(id);
const PERMIT = { name: "Amala", parking: "yes", "permit number": "X1" };
const MOBILE = "0412 345 678";

// What asks nobody, so that nobody can refuse it.
const ASK_NOBODY = ["setProxy"];

const succeeded = new Set();
const refused = new Set();

// A client that remembers which of its methods have succeeded, and which were refused by the service.
function watched(apiKey, baseUrl) {
  return new Proxy(new Client({ apiKey, baseUrl }), {
    get(client, name) {
      if (typeof client[name] !== "function") return client[name];
      return (...given) => {
        const answer = client[name](...given);
        if (typeof answer?.then !== "function") {
          succeeded.add(name);
          return answer;
        }
        return answer.then(
          (response) => (succeeded.add(name), response),
          (error) => {
            if (error.response) refused.add(name);
            throw error;
          },
        );
      };
    },
  });
}

// Expects a call to be refused with these words.
async function refusal(status, error, message, call) {
  const caught = await call().then((answer) => assert.fail(`not refused: ${JSON.stringify(answer.body)}`), (caught) => caught);
  assert.ok(caught.response, String(caught));
  assert.equal(caught.statusCode, status, JSON.stringify(caught.error));
  const { errors } = caught.error;
  assert.ok(errors.some((one) => one.error === error && one.message.includes(message)), JSON.stringify(errors));
}

const CHECKS = {
  async sendSms({ live }) {
    const options = {
      personalisation: PERMIT,
      reference: "sms-1",
      statusCallbackUrl: "https://localhost/receipts",
      statusCallbackBearerToken: "a token of ten",
    };
    const { statusCode, body } = await live.sendSms(SMS, MOBILE, options);
    assert.equal(statusCode, 201);
    assert.equal(body.content.body, "Hello Amala, your permit X1 is ready.");
    assert.equal(body.reference, "sms-1");
    const { body: message } = await live.getNotificationById(body.id);
    assert.equal(message.reference, "sms-1");
    assert.equal(message.type, "sms");
    const { body: list } = await live.getNotifications({ reference: "sms-1", templateType: "sms", templateId: SMS });
    assert.deepEqual(list.notifications.map((one) => one.id), [body.id]);
    const { body: older } = await live.getNotifications({ olderThanId: body.id });
    assert.ok(!older.notifications.some((one) => one.id === body.id));
  },
  async sendSmsRefused({ live }) {
    await refusal(400, "BadRequestError", "Missing personalisation", () => live.sendSms(SMS, MOBILE));
    await refusal(400, "ValidationError", "phone_number", () => live.sendSms(SMS, "04", { personalisation: PERMIT }));
    const statusCallbackUrl = "http://localhost/receipts";
    await refusal(400, "ValidationError", "status_callback_url", () =>
      live.sendSms(SMS, MOBILE, { personalisation: PERMIT, statusCallbackUrl, statusCallbackBearerToken: "a token of ten" }));
  },
  async sendEmail({ live }) {
    const { statusCode, body } = await live.sendEmail(EMAIL, "amala@example.com", { personalisation: PERMIT, reference: "email-1" });
    assert.equal(statusCode, 201);
    assert.equal(body.reference, "email-1");
    assert.ok(body.content.subject.includes("X1"), body.content.subject);
  },
  async sendEmailRefused({ live }) {
    await refusal(400, "ValidationError", "email_address", () => live.sendEmail(EMAIL, "nobody", { personalisation: PERMIT }));
    await refusal(400, "BadRequestError", "Template not found", () => live.sendEmail(NOBODY, "amala@example.com"));
  },
  async messagesRefused({ live }) {
    await refusal(404, "NoResultFound", "", () => live.getNotificationById(NOBODY));
    await refusal(400, "ValidationError", "status", () => live.getNotifications({ status: "lost" }));
  },
  async templates({ live }) {
    const { body } = await live.getAllTemplates("sms");
    assert.ok(body.templates.some((one) => one.id === SMS) && body.templates.every((one) => one.type === "sms"));
    const { body: template } = await live.getTemplateById(SMS);
    assert.equal(template.type, "sms");
    const { body: version } = await live.getTemplateByIdAndVersion(SMS, template.version);
    assert.equal(version.body, template.body);
    const { body: preview } = await live.previewTemplateById(SMS, PERMIT);
    assert.equal(preview.body, "Hello Amala, your permit X1 is ready.");
  },
  async templatesRefused({ live }) {
    await refusal(400, "ValidationError", "type", () => live.getAllTemplates("pigeon"));
    await refusal(404, "NoResultFound", "", () => live.getTemplateById(NOBODY));
    await refusal(404, "NoResultFound", "", () => live.getTemplateByIdAndVersion(SMS, 99));
    await refusal(400, "BadRequestError", "Missing personalisation", () => live.previewTemplateById(SMS));
  },
  async receivedTexts({ live }) {
    const { body } = await live.getReceivedTexts();
    assert.ok(body.received_text_messages.length > 0);
    const last = body.received_text_messages.at(-1).id;
    const { body: older } = await live.getReceivedTexts(last);
    assert.ok(!older.received_text_messages.some((one) => one.id === last));
    await refusal(400, "ValidationError", "older_than", () => live.getReceivedTexts("yesterday"));
  },
  async unknownCallerRefused() {
    const wrong = watched(`${service.test.slice(0, -1)}0`, service.url);
    await refusal(403, "AuthError", "Invalid token", () => wrong.getAllTemplates());
  },
  async setProxy() {
    const proxied = watched(service.live, "http://notify.invalid");
    proxied.setProxy(service.url);
    const { statusCode } = await proxied.getAllTemplates();
    assert.equal(statusCode, 200);
  },
  async everyMethodWasDriven() {
    const methods = Object.keys(Client.prototype);
    assert.deepEqual(methods.filter((name) => !succeeded.has(name)), [], "never with success");
    assert.deepEqual(methods.filter((name) => !refused.has(name) && !ASK_NOBODY.includes(name)), [], "never refused");
  },
};

let service;

async function main() {
  const process_ = spawn(process.argv[2], ["au"], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(readline.createInterface({ input: process_.stdout }), "line");
  service = JSON.parse(line);
  const clients = Object.fromEntries(["live", "team", "test"].map((key) => [key, watched(service[key], service.url)]));
  let failed = 0;
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      await check(clients);
    } catch (error) {
      failed += 1;
      console.error(`FAILED: ${name}\n${error.stack ?? error}`);
    }
  }
  process_.stdin.end();
  const version = require("@govau-platforms/notify-client/package.json").version;
  console.log(`@govau-platforms/notify-client ${version}: ${Object.keys(CHECKS).length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
