// Services with their keys, templates, and where their callbacks go.

import { ask, get } from "./api.js";
import { announce, button, element, facts, field, form, select } from "./dom.js";
import { TYPES } from "./format.js";
import { preview } from "./preview.js";

const KINDS = ["delivery_status", "inbound_sms", "returned_letter", "complaint"];

/** The key's text, covered until somebody wants to see it. */
function covered(text) {
  const shown = element("code", {}, "•".repeat(12));
  const toggle = element("button", { type: "button", "aria-pressed": "false" }, "Show");
  toggle.addEventListener("click", () => {
    const isShown = toggle.getAttribute("aria-pressed") === "false";
    toggle.setAttribute("aria-pressed", String(isShown));
    shown.textContent = isShown ? text : "•".repeat(12);
  });
  return [shown, " ", toggle];
}

export class Services {
  constructor(root) {
    this.root = root;
    this.edited = null;
  }

  async open() {
    this.edited = null;
    await this.load();
  }

  async load() {
    const [{ services }, { keys }] = await Promise.all([get("services"), get("keys")]);
    this.root.replaceChildren(
      element("div", { class: "cards" }, services.map((service) => this.card(service, keys.filter((key) => key.service === service.name)))),
      this.newService(), this.invitation());
  }

  card(service, keys) {
    return element("div", { class: "card" },
      element("h2", {}, service.name),
      facts([
        ["Id", element("code", {}, service.id)], ["State", service.trial_mode ? "in trial mode" : "live"],
        ["May send", service.permissions.join(", ")], ["Receives texts at", service.inbound_numbers.join(", ")],
      ]),
      element("h3", {}, "Keys"),
      element("ul", { class: "plain" }, keys.map((key) => element("li", {}, `${key.label} (${key.type}) `, covered(key.key)))),
      this.newKey(service),
      element("h3", {}, "Callbacks"),
      element("ul", { class: "plain" }, service.callbacks.map((one) => element("li", {}, `${one.kind}: ${one.url} `,
        button("Stop", () => this.order("DELETE", `services/${service.id}/callbacks/${one.kind}`), { "aria-label": `Stop ${one.kind}` })))),
      this.newCallback(service),
      element("h3", {}, "Templates"),
      element("ul", { class: "list" }, service.templates.map((template) => this.template(service, template))),
      element("details", {}, element("summary", {}, "New template"), this.editor(service, { type: "sms", name: "", body: "" })));
  }

  async order(method, path, body) {
    await ask(method, path, body);
    announce("Done");
    await this.load();
  }

  newKey(service) {
    const add = (data) => this.order("POST", `services/${service.id}/keys`, Object.fromEntries(data));
    return form({ class: "line" }, add,
      field("Name of the key", element("input", { name: "name", required: true, autocomplete: "off" })),
      field("Type of the key", select({ name: "type" }, ["live", "team", "test"])),
      element("button", {}, "Add a key"));
  }

  newCallback(service) {
    const set = (data) => this.order("PUT", `services/${service.id}/callbacks/${data.get("kind")}`,
      { url: data.get("url"), bearer_token: data.get("bearer_token") });
    return form({ class: "line" }, set,
      field("Kind", select({ name: "kind" }, KINDS)),
      field("URL", element("input", { name: "url", type: "url", required: true, placeholder: "http://127.0.0.1:3000/receipts" })),
      field("Bearer token", element("input", { name: "bearer_token", required: true, autocomplete: "off" })),
      element("button", {}, "Set the callback"));
  }

  template(service, template) {
    const place = element("div", {});
    return element("li", { class: "card" },
      element("div", { class: "top" }, element("span", { class: "kind" }, TYPES[template.type]),
        element("strong", {}, template.name), element("span", { class: "kind" }, `version ${template.version}`)),
      element("p", { class: "kind" }, element("code", {}, template.id)),
      element("pre", { class: "text", tabindex: "0" }, [template.subject, template.body].filter(Boolean).join("\n\n")),
      element("div", { class: "line" },
        button("Edit", () => place.replaceChildren(this.editor(service, template)), { "aria-label": `Edit ${template.name}` }),
        button("Preview", () => place.replaceChildren(preview(service, template)), { "aria-label": `Preview ${template.name}` })),
      place);
  }

  /** A form for a new template, or for the next version of one. */
  editor(service, template) {
    const save = (data) => {
      const { subject, ...given } = Object.fromEntries(data);
      const saved = { ...given, id: template.id, type: template.type ?? given.type };
      if (subject && saved.type !== "sms") saved.subject = subject;
      return this.order("POST", `services/${service.id}/templates`, saved);
    };
    return form({ class: "editor" }, save,
      element("div", { class: "line" },
        field("Name", element("input", { name: "name", value: template.name, required: true })),
        !template.id && field("Type", select({ name: "type" }, Object.entries(TYPES)))),
      (!template.id || template.type !== "sms") && field("Subject", element("input", { name: "subject", value: template.subject ?? "" }), "of an e-mail or a letter"),
      field("Body", element("textarea", { name: "body", value: template.body, required: true, rows: "6" }), "((name)) is a placeholder"),
      element("button", {}, template.id ? "Save as the next version" : "Add the template"));
  }

  newService() {
    const add = (data) => this.order("POST", "services",
      { name: data.get("name"), permissions: ["sms", "email", "letter", "international_sms"] });
    return element("div", { class: "card" }, element("h2", {}, "New service"),
      form({ class: "line" }, add, field("Name of the service", element("input", { name: "name", required: true })),
        element("button", {}, "Add the service")));
  }

  /** Beyond this machine, each browser needs a link of its own. */
  invitation() {
    const shown = element("p", {});
    const invite = async () => {
      const { url } = await ask("POST", "inbox-links");
      shown.replaceChildren(element("code", {}, url));
      announce("Here is a link");
    };
    return element("div", { class: "card" }, element("h2", {}, "Another browser"),
      element("p", {}, "If other machines can reach the sandbox, a link lets in one browser, once."),
      button("Make a link", invite), shown);
  }

  async happened(events) {
    // A form that somebody is filling in stays.
    if (this.root.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return;
    if (events.some(([name]) => name !== "missed")) await this.load();
  }
}
