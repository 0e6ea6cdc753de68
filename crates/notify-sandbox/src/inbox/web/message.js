// One message as it would look, and what is known of it.

import { ask, get } from "./api.js";
import { announce, button, element, facts, form, select } from "./dom.js";
import { TYPES, cost, count, moment, tone } from "./format.js";

const STATUSES = [
  "created", "sending", "pending", "sent", "delivered", "temporary-failure", "permanent-failure", "technical-failure",
  "returned-letter", "cancelled", "validation-failed", "virus-scan-failed",
];

export function status(word) {
  return element("span", { class: `status ${tone(word)}` }, word);
}

/** A text message, as on a phone. */
function phone(message) {
  const { text, fragments } = message.on_phone;
  const notes = [count(fragments, "fragment"), cost(message)].filter(Boolean).join(", ");
  return element("figure", { class: "phone" },
    element("blockquote", { class: "bubble" }, text),
    element("figcaption", {}, notes));
}

/** An e-mail of a service whose HTML nobody has seen. */
export function textOnly(body) {
  return element("div", {},
    element("pre", { class: "text", tabindex: "0" }, body),
    element("p", { class: "summary" }, "The HTML of this service’s e-mails is not known, so the sandbox shows the text alone."));
}

/** An e-mail in a frame that runs and loads nothing, with its text and source beside it. */
function email(message) {
  if (!message.html) return textOnly(message.body);
  return element("div", { class: "mail-parts" },
    element("iframe", {
      class: "mail", title: "The e-mail as its reader sees it", src: `/sandbox/inbox/emails/${message.id}`,
      sandbox: "allow-popups allow-popups-to-escape-sandbox", referrerpolicy: "no-referrer",
    }),
    element("div", { class: "beside" },
      element("h3", {}, "Text"), element("pre", { class: "text", tabindex: "0" }, message.body),
      element("details", {}, element("summary", {}, "Source of the HTML"),
        element("pre", { class: "source", tabindex: "0" }, message.html))));
}

function letter(message) {
  const pdf = `/sandbox/inbox/letters/${message.id}.pdf`;
  return element("div", {},
    element("p", {}, element("a", { href: pdf, target: "_blank" }, "Open the PDF in a new tab")),
    element("iframe", { class: "letter", title: "The letter as it is printed", src: pdf }),
    message.body && element("details", {}, element("summary", {}, "Text"),
      element("pre", { class: "text", tabindex: "0" }, message.body)));
}

const VIEWS = { sms: phone, email, letter };

/** The status to begin with: letters show some in words that cannot be set. */
const settable = (word) => (STATUSES.includes(word) ? word : "delivered");

/** What a test can do with the message. */
function orders(message, changed) {
  const set = async (data) => {
    await ask("PUT", `messages/${message.id}/status`, { status: data.get("status") });
    announce(`The status is ${data.get("status")} now`);
    changed();
  };
  const complain = async () => {
    await ask("POST", `messages/${message.id}/complaint`);
    announce("Marked as spam");
  };
  return element("div", { class: "orders" },
    form({ class: "line" }, set,
      select({ name: "status", "aria-label": "New status", value: settable(message.status) }, STATUSES),
      element("button", {}, "Set the status")),
    message.type === "email" && button("Mark as spam", complain));
}

/** Shows a message. `serviceName` gives the name of a service, and `changed` is called after an order. */
export async function show(id, serviceName, changed) {
  const message = await get(`messages/${id}`);
  const title = element("h2", { tabindex: "-1" }, message.subject ?? `${TYPES[message.type]} to ${message.to}`);
  return element("article", { "data-id": id },
    title,
    facts([
      ["To", element("span", { class: "lines" }, message.to)],
      ["Status", status(message.status)],
      ["Type", TYPES[message.type]],
      ["Service", serviceName(message.service)],
      ["Key", message.key_type],
      ["Reference", message.reference],
      ["Template", message.template && `${message.template.id}, version ${message.template.version}`],
      ["Cost", message.type === "sms" ? null : cost(message)],
      ["Postage", message.postage],
      ["Created", moment(message.created_at)],
      ["Sent", moment(message.sent_at)],
      ["Completed", moment(message.completed_at)],
      ["Id", element("code", {}, id)],
    ]),
    VIEWS[message.type](message),
    orders(message, changed));
}
