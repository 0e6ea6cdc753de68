// Takes the picture of the inbox in the README: `cargo xtask inbox --picture`.
"use strict";

const { Sandbox, browser, visit } = require("./fixture.cjs");

async function main(file) {
  const [sandbox, chromium] = await Promise.all([Sandbox.start(), browser()]);
  try {
    await sandbox.order("PUT", "/sandbox/clock", { set: "2026-11-23T10:42:43Z", frozen: true });
    const at = (seconds) => sandbox.bearer(sandbox.key, { iat: Date.parse("2026-11-23T10:42:43Z") / 1000 + seconds });
    const values = (name, number) => ({ name, "permit number": number });
    const sms = (more) => sandbox.send("sms", { template_id: "c0ffee00-0000-4000-8000-000000000011", ...more }, at(0));
    await sms({ phone_number: "07700900962", personalisation: values("Lee", "E14"), reference: "permit E14" });
    await sandbox.letter({}, at(0));
    await sms({ phone_number: "+33 6 12 34 56 78", personalisation: values("Zoé", "E16") });
    await sms({ phone_number: "07900900123", personalisation: values("Kim", "E15"), reference: "permit E15" });
    await sandbox.order("PUT", "/sandbox/clock", { advance_seconds: 60 });
    const email = {
      template_id: "c0ffee00-0000-4000-8000-000000000012", email_address: "amala@example.com", reference: "permit E17",
      personalisation: { ...values("Amala", "E17"), parking: "yes" },
    };
    await sandbox.send("email", email, at(60));
    await sandbox.order("PUT", "/sandbox/clock", { advance_seconds: 0.2 });
    const context = await chromium.newContext({
      viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/London", colorScheme: "light",
    });
    const page = await visit(context, sandbox.inbox);
    await page.locator("#connection[data-live=true]").waitFor();
    await page.locator("#messages .row").first().click();
    await page.frameLocator("iframe.mail").getByText("Thank you").waitFor();
    await page.waitForTimeout(300);
    await page.screenshot({ path: file });
  } finally {
    await chromium.close();
    sandbox.stop();
  }
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
