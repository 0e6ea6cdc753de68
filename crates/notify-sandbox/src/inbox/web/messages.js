// The messages of all services, newest first, with filters.

import { get, query } from "./api.js";
import { announce, button, complain, element, field, focus, form, select } from "./dom.js";
import { TYPES, beginning, clockTime, count } from "./format.js";
import { show, status } from "./message.js";

const PAGE_SIZE = 50;
const FILTERS = ["service", "type", "status", "recipient", "reference", "text"];
const STATUSES = [
  "created", "sending", "pending", "sent", "delivered", "failed", "temporary-failure", "permanent-failure",
  "technical-failure", "accepted", "received", "returned-letter", "cancelled", "pending-virus-check",
  "validation-failed", "virus-scan-failed",
];

export class Messages {
  constructor(root, select) {
    this.root = root;
    this.selectMessage = select;
    this.filters = {};
    this.shown = [];
    this.services = new Map();
    this.selected = null;
    this.list = element("ul", { class: "list", id: "messages" });
    this.summary = element("p", { class: "summary" });
    this.older = button("Older messages", () => this.load(this.shown.at(-1)?.id), { hidden: true });
    this.detail = element("section", { class: "detail", "aria-label": "Message" });
    this.list.addEventListener("keydown", (event) => this.move(event));
  }

  async open(id) {
    const { services } = await get("");
    this.services = new Map(services.map((service) => [service.id, service.name]));
    if (!this.root.contains(this.list)) {
      this.root.replaceChildren(this.form(),
        element("div", { class: "columns" },
          element("section", { class: "messages", "aria-label": "Messages" }, this.summary, this.list, this.older),
          this.detail));
    }
    await this.load();
    await this.openMessage(id);
  }

  form() {
    const apply = (data) => {
      this.filters = Object.fromEntries(FILTERS.map((name) => [name, data.get(name)?.trim()]));
      return this.load();
    };
    const submit = () => made.requestSubmit();
    let waiting;
    const typed = () => {
      clearTimeout(waiting);
      waiting = setTimeout(submit, 200);
    };
    const input = (name) => element("input", { name, type: "search", oninput: typed, autocomplete: "off", spellcheck: "false" });
    const made = form({ class: "filters", role: "search", "aria-label": "Filter messages" }, apply,
      field("Service", select({ name: "service", onchange: submit }, [["", "all"], ...this.services])),
      field("Type", select({ name: "type", onchange: submit }, [["", "all"], ...Object.entries(TYPES)])),
      field("Status", select({ name: "status", onchange: submit }, [["", "any"], ...STATUSES])),
      field("Recipient", input("recipient")),
      field("Reference", input("reference")),
      field("Words of the text", input("text")));
    return made;
  }

  serviceName = (id) => this.services.get(id) ?? id;

  /** Loads the newest messages, or those that are older than one. */
  async load(olderThan) {
    const limit = olderThan ? PAGE_SIZE : Math.max(PAGE_SIZE, this.shown.length);
    const path = query("messages", { ...this.filters, older_than: olderThan, limit });
    this.loading = path;
    const { messages } = await get(path);
    // Another filter was chosen in the meantime.
    if (this.loading !== path) return;
    this.shown = olderThan ? [...this.shown, ...messages] : messages;
    this.older.hidden = messages.length < limit;
    this.draw();
  }

  draw() {
    const isFiltered = Object.values(this.filters).some(Boolean);
    const none = isFiltered ? "No message fits the filters." : "Nothing has been sent yet. A message appears here as soon as it is.";
    const some = count(this.shown.length, "message");
    this.summary.textContent = !this.shown.length ? none : this.older.hidden ? `${some}, newest first` : `The newest ${some}`;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    this.list.replaceChildren(...this.shown.map((message) => this.row(message)));
    if (focused) this.list.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  row(message) {
    return element("li", {},
      element("a", {
        href: `#messages/${message.id}`, "data-id": message.id, class: "row",
        "aria-current": message.id === this.selected && "true",
      },
      element("span", { class: "top" },
        element("span", { class: "kind" }, TYPES[message.type]),
        element("strong", {}, beginning(message.to, 60)), status(message.status), clockTime(message.created_at)),
      element("span", { class: "text" }, beginning(message.subject ?? message.body)),
      element("span", { class: "bottom" }, this.serviceName(message.service),
        message.reference && ` · ${beginning(message.reference, 60)}`)));
  }

  /** Arrows go from message to message. */
  move(event) {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const rows = [...this.list.querySelectorAll("a")];
    const place = rows.indexOf(document.activeElement);
    if (!step || place < 0 || !rows[place + step]) return;
    event.preventDefault();
    rows[place + step].focus();
  }

  async openMessage(id, quietly) {
    this.selected = id ?? null;
    this.list.querySelectorAll("a").forEach((row) => {
      if (row.dataset.id === id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    if (!id) {
      this.detail.replaceChildren(element("p", { class: "summary" }, "Choose a message to see it."));
      return;
    }
    try {
      const article = await show(id, this.serviceName, () => this.openMessage(id, true));
      if (this.selected !== id) return;
      this.detail.replaceChildren(article);
      if (!quietly) focus(article.querySelector("h2"));
    } catch (error) {
      this.detail.replaceChildren();
      complain(error);
    }
  }

  /** Something has happened. */
  async happened(events) {
    const messages = events.filter(([name]) => name === "message");
    if (messages.length) announce(`${count(messages.length, "new message")}`);
    await this.load();
    const isOpen = events.some(([name, data]) => name === "status" && data.id === this.selected);
    if (isOpen || events.some(([name]) => name === "clock")) await this.update();
    if (events.some(([name]) => name === "reset")) this.selectMessage(null);
  }

  /** Brings the facts of the open message up to date; its frame stays as it is. */
  async update() {
    const article = this.selected && this.detail.querySelector("article");
    if (!article) return;
    const now = await show(this.selected, this.serviceName, () => this.openMessage(this.selected, true));
    for (const part of ["dl", "figcaption"]) {
      const [old, fresh] = [article.querySelector(part), now.querySelector(part)];
      if (old && fresh) old.replaceWith(fresh);
    }
  }
}
