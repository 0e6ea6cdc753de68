// The service's own Node client, against a sandbox: every public method of it, with success and with a refusal.
//
// Usage: client.cjs SERVICE, where SERVICE is a program that starts a sandbox, writes a line of JSON with its address and keys, and ends
// when its input does.
"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const readline = require("node:readline");
const axios = require("axios");
const { NotifyClient } = require("notifications-node-client");

const id = (end) => `c0ffee00-0000-4000-8000-0000000000${end}`;
const [SMS, EMAIL, LETTER, FILE_EMAIL, SENDER, REPLY_TO, NOBODY] = ["11", "12", "13", "14", "22", "32", "ff"].map(id);
const PERMIT = { name: "Amala", permit_number: "X1" };
const ADDRESS = { address_line_1: "Amala Bird", address_line_2: "123 High Street", address_line_3: "SW14 6BF" };
const PDF = Buffer.from("%PDF-1.4\n%%EOF\n");

// What asks nobody, so that nobody can refuse it: refusals of these are the client's own, or come with the next call.
const ASK_NOBODY = ["setProxy", "setClient", "prepareUpload"];

const succeeded = new Set();
const refused = new Set();

// A client that remembers which of its methods have succeeded, and which were refused by the service.
function watched(...made) {
  return new Proxy(new NotifyClient(...made), {
    get(client, name) {
      if (typeof client[name] !== "function") return client[name];
      return (...given) => {
        const answer = client[name](...given);
        if (!(answer instanceof Promise)) {
          succeeded.add(name);
          return answer;
        }
        return answer.then(
          (value) => (succeeded.add(name), value),
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
  const caught = await call().then((answer) => assert.fail(`not refused: ${JSON.stringify(answer.data)}`), (caught) => caught);
  assert.ok(caught.response, String(caught));
  const { status: code, data } = caught.response;
  assert.equal(code, status, JSON.stringify(data));
  assert.ok(data.errors.some((one) => one.error === error && one.message.includes(message)), JSON.stringify(data));
}

// The answer of a call, once it is ready: messages take a moment on their way.
async function until(ready, call) {
  let answer;
  for (let turn = 0; turn < 200; turn += 1) {
    answer = (await call()).data;
    if (ready(answer)) return answer;
    await new Promise((done) => setTimeout(done, 50));
  }
  return assert.fail(`never ready: ${JSON.stringify(answer)}`);
}

const CHECKS = {
  async sendSms({ live }) {
    const { status, data } = await live.sendSms(SMS, "07900900123", { personalisation: PERMIT, reference: "sms-1", smsSenderId: SENDER });
    assert.equal(status, 201);
    assert.deepEqual(data.content, { body: "Hello Amala, your permit X1 is ready.", from_number: "PARKING" });
    assert.equal(data.reference, "sms-1");
  },
  async sendSmsRefused({ test, team }) {
    await refusal(400, "ValidationError", "phone_number Not enough digits", () => test.sendSms(SMS, "079", { personalisation: PERMIT }));
    await refusal(400, "BadRequestError", "Missing personalisation: name, permit number", () => test.sendSms(SMS, "07900900123"));
    await refusal(400, "BadRequestError", "team-only API key", () => team.sendSms(SMS, "07900900124", { personalisation: PERMIT }));
  },
  async sendEmail({ live }) {
    const { data } = await live.sendEmail(EMAIL, "amala@example.com", {
      personalisation: { ...PERMIT, name: "*A*", parking: "yes" }, reference: "email-1", emailReplyToId: REPLY_TO,
      oneClickUnsubscribeURL: "https://example.com/u", sanitiseContentFor: ["name"],
    });
    assert.equal(data.content.subject, "Your permit X1");
    assert.equal(data.content.one_click_unsubscribe_url, "https://example.com/u");
    assert.deepEqual(data.sanitised_content, { name: { unsanitised: "*A*", sanitised: "\\*A\\*" } });
  },
  async sendEmailRefused({ test }) {
    await refusal(400, "ValidationError", "email_address Not a valid email address", () => test.sendEmail(EMAIL, "amala@"));
    await refusal(400, "BadRequestError", `email_reply_to_id ${NOBODY} does not exist`, () =>
      test.sendEmail(EMAIL, "a@example.com", { personalisation: { ...PERMIT, parking: 0 }, emailReplyToId: NOBODY }));
  },
  async prepareUpload({ test }) {
    const file = test.prepareUpload(Buffer.from("a,b\n"), { filename: "figures.csv", confirmEmailBeforeDownload: true, retentionPeriod: "1 week" });
    const { data } = await test.sendEmail(FILE_EMAIL, "amala@example.com", { personalisation: { name: "Amala", link_to_file: file } });
    assert.equal((await axios.get(data.content.body.split(" ").pop())).data, "a,b\n");
    const plain = test.prepareUpload("just text");
    await test.sendEmail(FILE_EMAIL, "amala@example.com", { personalisation: { name: "Amala", link_to_file: plain } });
  },
  async prepareUploadRefused({ test }) {
    assert.throws(() => test.prepareUpload(Buffer.alloc(2 * 1024 * 1024 + 1)), (error) => error === "File is larger than 2MB.");
    const link_to_file = test.prepareUpload(Buffer.from("x"), { filename: "a.csv", retentionPeriod: "79 weeks" });
    await refusal(400, "ValidationError", "Supported periods are from 1 to 78 weeks", () =>
      test.sendEmail(FILE_EMAIL, "a@example.com", { personalisation: { name: "A", link_to_file } }));
  },
  async sendLetter({ test }) {
    const { data } = await test.sendLetter(LETTER, { personalisation: { ...PERMIT, ...ADDRESS }, reference: "letter-1" });
    assert.equal(data.content.subject, "Your permit X1");
  },
  async sendLetterRefused({ test, team }) {
    await refusal(400, "ValidationError", "personalisation is a required property", () => test.sendLetter(LETTER));
    await refusal(400, "ValidationError", "Address must be at least 3 lines", () =>
      test.sendLetter(LETTER, { personalisation: { ...PERMIT, address_line_1: "Amala Bird" } }));
    await refusal(403, "BadRequestError", "Cannot send letters with a team api key", () =>
      team.sendLetter(LETTER, { personalisation: { ...PERMIT, ...ADDRESS } }));
  },
  async sendPrecompiledLetter({ test }) {
    const { data } = await test.sendPrecompiledLetter("pdf-1", PDF, "economy");
    assert.deepEqual([data.reference, data.postage, Object.keys(data).length], ["pdf-1", "economy", 3]);
    const letter = await until((letter) => letter.status === "received", () => test.getNotificationById(data.id));
    assert.equal(letter.postage, "economy");
  },
  async sendPrecompiledLetterRefused({ test }) {
    await refusal(400, "ValidationError", "postage invalid", () => test.sendPrecompiledLetter("r", PDF, "europe"));
  },
  async getNotificationById({ live, test }) {
    const { data: sent } = await test.sendEmail(EMAIL, "perm-fail@simulator.notify", { personalisation: { ...PERMIT, parking: false } });
    const message = await until((message) => message.status === "permanent-failure", () => live.getNotificationById(sent.id));
    assert.equal(message.email_address, "perm-fail@simulator.notify");
    assert.equal(message.body, sent.content.body);
  },
  async getNotificationByIdRefused({ test }) {
    await refusal(400, "ValidationError", "notification_id is not a valid UUID", () => test.getNotificationById("x"));
    await refusal(404, "NoResultFound", "No result found", () => test.getNotificationById(NOBODY));
  },
  async getPdfForLetterNotification({ test }) {
    const { data: sent } = await test.sendLetter(LETTER, { personalisation: { ...PERMIT, ...ADDRESS } });
    await refusal(400, "PDFNotReadyError", "PDF not available yet", () => test.getPdfForLetterNotification(sent.id));
    await until((letter) => letter.status === "received", () => test.getNotificationById(sent.id));
    const pdf = await test.getPdfForLetterNotification(sent.id);
    assert.ok(pdf.subarray(0, 5).equals(Buffer.from("%PDF-")) && pdf.includes("%%EOF"));
  },
  async getNotifications({ test, live }) {
    for (const reference of ["list-0", "list-1", "list-0"]) await test.sendSms(SMS, "07900900123", { personalisation: PERMIT, reference });
    const { data } = await test.getNotifications("sms", undefined, "list-0");
    assert.equal(data.notifications.length, 2);
    const oldest = data.notifications[1].id;
    assert.ok(data.links.next.endsWith(`older_than=${oldest}`));
    assert.deepEqual((await test.getNotifications("sms", undefined, "list-0", oldest)).data.notifications, []);
    assert.deepEqual((await live.getNotifications(undefined, undefined, "list-0")).data.notifications, []);
    await until((page) => page.notifications.length === 2, () => test.getNotifications("sms", "delivered", "list-0"));
  },
  async getNotificationsRefused({ test }) {
    await refusal(400, "ValidationError", "status lost is not one of [", () => test.getNotifications("sms", "lost"));
  },
  async getTemplateById({ test }) {
    const { data } = await test.getTemplateById(LETTER);
    assert.equal(data.postage, "second");
    assert.deepEqual((await test.getTemplateByIdAndVersion(LETTER, 1)).data, data);
  },
  async getTemplateByIdRefused({ test }) {
    await refusal(404, "NoResultFound", "No result found", () => test.getTemplateById(NOBODY));
    await refusal(404, "NoResultFound", "No result found", () => test.getTemplateByIdAndVersion(LETTER, 2));
  },
  async getAllTemplates({ test }) {
    assert.equal((await test.getAllTemplates()).data.templates.length, 4);
    assert.equal((await test.getAllTemplates("letter")).data.templates.length, 1);
  },
  async getAllTemplatesRefused({ test }) {
    await refusal(400, "ValidationError", "type fax is not one of [sms, email, letter]", () => test.getAllTemplates("fax"));
  },
  async previewTemplateById({ test }) {
    const { data } = await test.previewTemplateById(SMS, PERMIT);
    assert.deepEqual([data.body, data.subject, data.html], ["Hello Amala, your permit X1 is ready.", null, null]);
  },
  async previewTemplateByIdRefused({ test }) {
    await refusal(400, "BadRequestError", "Missing personalisation: name, permit number", () => test.previewTemplateById(SMS));
  },
  async getReceivedTexts({ test }) {
    const { data } = await test.getReceivedTexts();
    const [newest, next] = data.received_text_messages;
    assert.equal(newest.content, `text ${service.received_texts}`);
    assert.equal((await test.getReceivedTexts(newest.id)).data.received_text_messages[0].id, next.id);
  },
  async getReceivedTextsRefused({ test }) {
    await refusal(400, "ValidationError", "older_than is not a valid UUID", () => test.getReceivedTexts("x"));
  },
  // The sandbox is its own proxy: a request that names a host in its first line is answered as any other.
  async setProxy() {
    const { hostname, port } = new URL(service.url);
    const client = watched("http://notify.example", service.test);
    client.setProxy({ protocol: "http", host: hostname, port: Number(port) });
    assert.equal((await client.getAllTemplates()).data.templates.length, 4);
    await refusal(404, "NoResultFound", "No result found", () => client.getTemplateById(NOBODY));
  },
  async setClient() {
    const client = watched(service.url, service.test);
    let asked = 0;
    const transport = axios.create();
    transport.interceptors.request.use((config) => ((asked += 1), config));
    client.setClient(transport);
    await client.getAllTemplates();
    assert.equal(asked, 1);
  },
  async unknownCallerRefused() {
    const wrong = watched(service.url, `${service.test.slice(0, -1)}0`);
    await refusal(403, "AuthError", "Invalid token: API key not found", () => wrong.getAllTemplates());
  },
  async everyMethodWasDriven() {
    const methods = Object.keys(NotifyClient.prototype);
    assert.deepEqual(methods.filter((name) => !succeeded.has(name)), [], "never with success");
    assert.deepEqual(methods.filter((name) => !refused.has(name) && !ASK_NOBODY.includes(name)), [], "never refused");
  },
};

let service;

async function main() {
  const process_ = spawn(process.argv[2], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(readline.createInterface({ input: process_.stdout }), "line");
  service = JSON.parse(line);
  const clients = Object.fromEntries(["live", "team", "test"].map((key) => [key, watched(service.url, service[key])]));
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
  const version = require("notifications-node-client/package.json").version;
  console.log(`notifications-node-client ${version}: ${Object.keys(CHECKS).length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
