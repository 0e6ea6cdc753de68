// The inbox in a browser. `cargo xtask inbox` installs what it needs, and runs it.
"use strict";

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { after, afterEach, before, beforeEach, test } = require("node:test");
const { EMAIL, SMS, Sandbox, browser, visit } = require("./fixture.cjs");

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const SERVICE = "c0ffee00-0000-4000-8000-000000000001";
const PANES = ["Messages", "Refused requests", "Clock and faults", "Callbacks", "Services"];

let sandbox, chromium, context, page;

before(async () => {
  [sandbox, chromium] = await Promise.all([Sandbox.start(), browser()]);
});

after(async () => {
  await chromium?.close();
  sandbox?.stop();
});

beforeEach(async () => {
  await sandbox.order("POST", "/sandbox/reset");
  context = await chromium.newContext({ viewport: { width: 1280, height: 1000 } });
  page = await visit(context, sandbox.inbox);
  await page.locator("#connection[data-live=true]").waitFor();
});

afterEach(async () => {
  assert.deepEqual(page.complaints, [], "the console of the page is silent");
  assert.deepEqual(page.foreign, [], "the page asks nobody else");
  await context.close();
});

const rows = () => page.locator("#messages .row");
const pane = (name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();

/** Waits until something is so. */
async function until(isSo, what) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(what);
}

test("a message appears as soon as it is sent, and its status follows", async () => {
  await sandbox.order("PUT", "/sandbox/clock", { frozen: true });
  await sandbox.sms({ reference: "first" });
  await rows().filter({ hasText: "07900900123" }).filter({ hasText: "created" }).waitFor();
  await sandbox.sms({ reference: "second" });
  await until(async () => (await rows().count()) === 2, "the second message appears");
  assert.match(await rows().first().textContent(), /second/, "the newest comes first");
  await sandbox.order("PUT", "/sandbox/clock", { advance_seconds: 60 });
  await until(async () => (await rows().filter({ hasText: "delivered" }).count()) === 2, "they are delivered");
});

test("a text is a bubble with its fragments and its cost", async () => {
  await sandbox.sms({ personalisation: { name: "K".repeat(200) } });
  await rows().click();
  await page.locator(".bubble", { hasText: "your permit E15 is ready" }).waitFor();
  await page.getByText("2 fragments, £0.048").waitFor();
});

test("an e-mail is shown in a frame without scripts, with its text and source beside it", async () => {
  await sandbox.email({ personalisation: { name: "[a link](https://example.com/)<script>alert(1)</script>" } });
  await rows().click();
  const frame = page.frameLocator("iframe.mail");
  await frame.getByRole("heading", { name: "Your permit is ready" }).waitFor();
  const permissions = await page.locator("iframe.mail").getAttribute("sandbox");
  assert.doesNotMatch(permissions, /allow-(scripts|same-origin|forms|top-navigation)/);
  assert.equal(await frame.locator("script").count(), 0);
  await page.locator("pre.text", { hasText: "# Your permit is ready" }).waitFor();
  await page.getByText("Source of the HTML").click();
  await page.locator("pre.source", { hasText: "<h2" }).waitFor();
});

test("a letter is shown as its PDF", async () => {
  await sandbox.letter();
  await rows().click();
  const source = await page.locator("iframe.letter").getAttribute("src");
  const pdf = await page.evaluate(async (source) => {
    const answer = await fetch(source);
    return [answer.headers.get("content-type"), (await answer.text()).slice(0, 5)];
  }, source);
  assert.deepEqual(pdf, ["application/pdf", "%PDF-"]);
});

test("filters narrow the list, and what arrives later, too", async () => {
  await sandbox.sms({ reference: "r-1" });
  await sandbox.sms({ reference: "r-2", phone_number: "07700900962", personalisation: { name: "Lee" } });
  await sandbox.email({ reference: "r-3" });
  // Not so far that a token of now would be refused.
  await sandbox.order("PUT", "/sandbox/clock", { advance_seconds: 20 });
  const shows = async (expected, what) => {
    await until(async () => {
      const found = await rows().evaluateAll((all) => all.map((row) => /r-\d/.exec(row.textContent)[0]));
      return JSON.stringify(found) === JSON.stringify(expected);
    }, what);
  };
  await shows(["r-3", "r-2", "r-1"], "everything");
  await page.getByLabel("Type").selectOption("sms");
  await shows(["r-2", "r-1"], "texts");
  await page.getByLabel("Status").selectOption("permanent-failure");
  await shows(["r-2"], "texts that failed");
  await page.getByLabel("Status").selectOption("");
  await page.getByLabel("Recipient").fill("+44 7900 900123");
  await shows(["r-1"], "texts to one number, in another spelling");
  await sandbox.sms({ reference: "r-4" });
  await sandbox.email({ reference: "r-5" });
  await shows(["r-4", "r-1"], "and what arrives");
  await page.getByLabel("Recipient").fill("");
  await page.getByLabel("Type").selectOption("");
  await page.getByLabel("Words of the text").fill("LEE permit");
  await shows(["r-2"], "by words");
  await page.getByLabel("Words of the text").fill("");
  await page.getByLabel("Reference").fill("r-3");
  await shows(["r-3"], "by reference");
  await page.getByLabel("Reference").fill("");
  await page.getByLabel("Service").selectOption({ label: "Sandbox Borough Council" });
  await shows(["r-5", "r-4", "r-3", "r-2", "r-1"], "by service");
});

test("whatever a message holds stays text", async () => {
  const attack = `"><img src=x onerror="window.caught=1"><script>window.caught=1</script>{{7*7}}<b>x</b>`;
  await sandbox.order("POST", "/sandbox/services", {
    name: attack, permissions: ["sms"], api_keys: [{ name: "ci", label: attack, type: "live", secret: "c0ffee00-0000-4000-8000-0000000000aa" }],
    templates: [{ id: "c0ffee00-0000-4000-8000-000000000098", name: attack, type: "sms", body: attack }],
  });
  await sandbox.sms({ reference: attack, personalisation: { name: attack } });
  await sandbox.email({ reference: attack, personalisation: { name: attack, "permit number": attack } });
  await sandbox.sms({ template_id: attack });
  await sandbox.sms({ [attack]: 1 });
  await sandbox.send("sms", {}, sandbox.bearer(sandbox.key, { [attack]: attack }));
  const open = async (count) => {
    for (let place = 0; place < count; place += 1) {
      await page.locator(".row").nth(place).click();
      await page.locator(".detail h2").waitFor();
    }
  };
  await until(async () => (await rows().count()) === 2, "both messages appear");
  await open(2);
  await pane("Refused requests");
  await until(async () => (await page.locator(".row").count()) === 3, "all three refusals appear");
  await open(3);
  for (const name of PANES.slice(2)) {
    await pane(name);
    await page.locator("main > *").first().waitFor();
  }
  await page.getByRole("heading", { name: attack }).waitFor();
  assert.equal(await page.evaluate(() => window.caught), undefined);
  assert.equal(await page.locator("main img, main script, main b").count(), 0);
});

test("a refused request tells its reason and what to do, and its token claim by claim", async () => {
  const secret = sandbox.key.slice(-36);
  const old = sandbox.bearer(sandbox.key, { iat: Math.floor(Date.now() / 1000) - 600, note: `my secret is ${secret}` });
  assert.equal((await sandbox.sms()).status, 201);
  assert.equal((await sandbox.send("sms", {}, old)).status, 403);
  await pane("Refused requests");
  await page.locator(".row", { hasText: "POST /v2/notifications/sms" }).click();
  const detail = page.locator(".detail");
  await detail.getByText(/\b6[0-5]\d s old/).first().waitFor(); // 600, and what the run itself took
  for (const shown of ["What to do", "the clock of the sandbox", "HS256", SERVICE, "by the key “live”", "AuthError"]) {
    await detail.getByText(shown, { exact: false }).first().waitFor();
  }
  const text = await page.content();
  assert.ok(!text.includes(secret), "no secret");
  assert.ok(!text.includes(old.split(".")[2]), "no signature");
  // The key itself in place of a token.
  assert.equal((await sandbox.send("sms", {}, `Bearer ${sandbox.key}`)).status, 403);
  await until(async () => (await page.locator(".row").count()) === 2, "it appears");
  await page.locator(".row").first().click();
  await detail.getByText("it is the key itself", { exact: false }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
});

test("the clock is frozen and advanced", async () => {
  await pane("Clock and faults");
  await page.getByRole("button", { name: "Freeze" }).click();
  await page.getByText("– frozen").waitFor();
  const before = await sandbox.order("GET", "/sandbox/clock");
  assert.equal(before.frozen, true);
  await page.getByLabel("Advance by").fill("2");
  await page.getByLabel("Unit").selectOption("hours");
  await page.getByRole("button", { name: "Advance" }).click();
  await until(async () => {
    const { now } = await sandbox.order("GET", "/sandbox/clock");
    return new Date(now) - new Date(before.now) === 7_200_000;
  }, "two hours have passed");
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("– running").waitFor();
});

test("faults are injected, seen and cleared", async () => {
  await pane("Clock and faults");
  await page.getByText("No fault is waiting.").waitFor();
  await page.getByLabel("Only to").fill("07900900123");
  await page.getByLabel("Only the next").fill("2");
  await page.getByRole("button", { name: "Inject the fault" }).click();
  await page.getByText("answer with an error, status 503, to 07900900123, the next 2").waitFor();
  assert.equal((await sandbox.order("GET", "/sandbox/faults")).faults.length, 1);
  await page.getByRole("button", { name: "Clear all faults" }).click();
  await page.getByText("No fault is waiting.").waitFor();
  // A mistake is reported.
  await page.getByLabel("Only a share").fill("");
  await page.getByLabel("Fault", { exact: true }).selectOption("delay");
  await page.getByLabel("Seconds").fill("");
  await page.getByRole("button", { name: "Inject the fault" }).click();
  await page.getByRole("alert").getByText("seconds is missing").waitFor();
  page.complaints.length = 0; // the console notes the 400
});

test("callbacks are shown with each attempt and its answer, and sent again", async () => {
  const received = [];
  const receiver = createServer((request, response) => {
    received.push(request.url);
    response.statusCode = received.length === 1 ? 404 : 200;
    request.resume().on("end", () => response.end());
  });
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${receiver.address().port}/receipts`;
  await sandbox.order("PUT", `/sandbox/services/${SERVICE}/callbacks/delivery_status`, { url, bearer_token: "a token of the test" });
  await pane("Callbacks");
  await sandbox.sms({ reference: "told" });
  await page.locator("li", { hasText: "404" }).waitFor();
  await page.getByText("What was posted").click();
  await page.locator("pre", { hasText: '"reference": "told"' }).waitFor();
  await page.getByRole("button", { name: "Send attempt 1 of delivery_status again" }).click();
  await page.locator("li", { hasText: "200" }).waitFor();
  assert.equal(received.length, 2);
  receiver.close();
});

test("a template is edited, and previewed with its placeholders", async () => {
  await pane("Services");
  const card = page.locator("li.card", { hasText: "Permit ready (email)" });
  await card.getByRole("button", { name: "Preview" }).click();
  await card.getByLabel("name", { exact: true }).fill("Amala <b>");
  await card.getByLabel("permit number").fill("E17");
  await card.getByLabel("parking").fill("yes");
  await card.getByRole("button", { name: "Fill in" }).click();
  await card.getByRole("heading", { name: "Your permit E17" }).waitFor();
  await card.frameLocator("iframe").getByText("Dear Amala <b>").waitFor();
  const text = page.locator("li.card", { hasText: "Permit ready (text message)" });
  await text.getByRole("button", { name: "Edit" }).click();
  await text.getByLabel("Body").fill("Hi ((name))!");
  await text.getByRole("button", { name: "Save as the next version" }).click();
  await text.getByText("version 2").waitFor();
  await sandbox.sms();
  await pane("Messages");
  await rows().filter({ hasText: "Hi Kim!" }).waitFor();
});

test("everything can be reached and done with the keyboard", async () => {
  await sandbox.sms({ reference: "older" });
  await sandbox.sms({ reference: "newer" });
  await until(async () => (await rows().count()) === 2, "both appear");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await rows().first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator("dd", { hasText: "older" }).waitFor();
  await until(() => page.evaluate(() => document.activeElement.tagName === "H2"), "the focus is on the message");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.name), "text");
});

test("on a telephone, a message that is chosen comes into view, and nothing is wider than the page", async () => {
  await sandbox.order("PUT", "/sandbox/clock", { frozen: true });
  const bearer = sandbox.bearer();
  for (let number = 0; number < 52; number += 1) {
    const personalisation = { name: "K".repeat(60), "permit number": `E${number}` };
    await sandbox.send("sms", { phone_number: "07900900123", template_id: SMS, personalisation }, bearer);
  }
  await sandbox.sms({ template_id: "x".repeat(200) });
  await page.setViewportSize({ width: 400, height: 800 });
  await page.getByText("The newest 50 messages").waitFor();
  await rows().first().click();
  const isSeen = (selector) => page.locator(selector).evaluate((node) => {
    const { top } = node.getBoundingClientRect();
    return top >= 0 && top < innerHeight;
  });
  await until(() => isSeen(".detail h2"), "the message is in view");
  for (const name of PANES) {
    await pane(name);
    await page.locator("main > *").first().waitFor();
    if (name === "Refused requests") {
      await page.locator(".row").first().click();
      await until(() => isSeen(".detail h2"), "the request is in view");
    }
    if (name === "Services") {
      await page.getByRole("button", { name: "Preview" }).nth(1).click();
      await page.locator(".preview iframe").waitFor();
    }
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(excess <= 0, `${name} is ${excess} pixels too wide`);
  }
});

test("what is new is said to a screen reader", async () => {
  await sandbox.sms();
  await page.getByRole("status").getByText("1 new message").waitFor({ state: "attached" });
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing, in ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme });
    const check = async (where) => {
      await page.evaluate(AXE).catch(() => {});
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { iframes: false }));
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
      assert.deepEqual(found, [], where);
    };
    await sandbox.order("POST", "/sandbox/faults", { fault: "drop", to: "07900900555" });
    await sandbox.sms();
    await sandbox.sms({ phone_number: "07700900962" });
    await sandbox.email();
    await sandbox.letter();
    await sandbox.send("sms", {});
    await sandbox.order("PUT", "/sandbox/clock", { advance_seconds: 60 });
    await until(async () => (await rows().count()) === 4, "all four appear");
    await check("the list");
    for (let place = 0; place < 4; place += 1) {
      await rows().nth(place).click();
      await page.locator(".detail h2").waitFor();
      await check(`message ${place}`);
    }
    for (const name of PANES) {
      await pane(name);
      await page.locator("main > *").first().waitFor();
      if (name === "Refused requests") await page.locator(".row").first().click();
      if (name === "Services") await page.getByRole("button", { name: "Preview" }).first().click();
      await page.waitForTimeout(100);
      await check(name);
    }
  });
}

test("a page on another site can neither frame the inbox nor give orders", async () => {
  await sandbox.sms({ reference: "kept" });
  const page_ = `<iframe src="${sandbox.inbox}"></iframe>
    <form method="post" action="${sandbox.url}/sandbox/reset" enctype="text/plain"><input name="x" value="y"></form>`;
  const site = createServer((_, response) => response.setHeader("Content-Type", "text/html").end(page_));
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const other = await context.newPage();
  await other.goto(`http://127.0.0.1:${site.address().port}/`);
  const tried = await other.evaluate(async (url) => {
    const outcome = (promise) => promise.then((answer) => answer.type, () => "failed");
    return [
      await outcome(fetch(`${url}/sandbox/messages`, { headers: { "X-Sandbox": "1" } })),
      await outcome(fetch(`${url}/sandbox/reset`, { method: "POST", headers: { "X-Sandbox": "1" } })),
      await outcome(fetch(`${url}/sandbox/inbox`)),
    ];
  }, sandbox.url);
  assert.deepEqual(tried, ["failed", "failed", "failed"]);
  assert.equal(await other.frameLocator("iframe").locator("#panes").count(), 0, "the frame stays empty");
  await Promise.all([other.waitForNavigation(), other.evaluate(() => document.forms[0].submit())]);
  assert.equal((await sandbox.order("GET", "/sandbox/messages")).messages.length, 1, "nothing was reset");
  site.close();
});

test("a name that others have bound to this machine is refused", async () => {
  const rebound = await browser("--host-resolver-rules=MAP evil.example 127.0.0.1");
  try {
    const other = await rebound.newPage();
    const answer = await other.goto(sandbox.inbox.replace("127.0.0.1", "evil.example"));
    assert.equal(answer.status(), 403);
    const asked = await other.evaluate(async () => {
      const answer = await fetch("/sandbox/messages", { headers: { "X-Sandbox": "1" } });
      return answer.status;
    });
    assert.equal(asked, 403);
  } finally {
    await rebound.close();
  }
});

test("beyond this machine, the printed link lets in one browser", async () => {
  const far = await Sandbox.start("--address", "0.0.0.0");
  try {
    const first = await visit(context, far.inbox);
    await first.locator("#connection[data-live=true]").waitFor();
    assert.doesNotMatch(first.url(), /token/, "the address no longer holds the token");
    const [cookie] = (await context.cookies()).filter(({ name }) => name === "notify-sandbox");
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Strict", "/sandbox"]);
    await far.sms({ reference: "over there" });
    await first.locator("#messages .row", { hasText: "over there" }).waitFor();
    await first.reload();
    await first.locator("#connection[data-live=true]").waitFor();
    const stranger = await chromium.newContext();
    const refused = await (await stranger.newPage()).goto(far.inbox);
    assert.equal(refused.status(), 401, "the token is used up");
    await first.getByRole("navigation").getByRole("link", { name: "Services" }).click();
    await first.getByRole("button", { name: "Make a link" }).click();
    const link = await first.locator("code", { hasText: "?token=" }).textContent();
    const invited = await visit(stranger, link);
    await invited.locator("#connection[data-live=true]").waitFor();
    await stranger.close();
  } finally {
    far.stop();
  }
});

test("the templates of the test are those of the sandbox", async () => {
  const { services } = await sandbox.order("GET", "/sandbox/services");
  const ids = services[0].templates.map(({ id }) => id);
  assert.ok(ids.includes(SMS) && ids.includes(EMAIL));
});
