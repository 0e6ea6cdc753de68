// The newest requests that were refused: why, what to do, and the token taken apart.

import { ask, get, query } from "./api.js";
import { announce, button, element, facts, focus } from "./dom.js";
import { clockTime, count, moment } from "./format.js";

const PAGE_SIZE = 100;

/** What a service's answer says, one line for each error. */
function lines(answer) {
  if (Array.isArray(answer?.errors)) return answer.errors.map((error) => `${error.error}: ${error.message}`);
  const message = answer?.message;
  return message ? [typeof message === "string" ? message : JSON.stringify(message)] : [];
}

function tokenTable(token) {
  if (!token) return element("p", {}, "The request had no header Authorization.");
  const cell = (part) => [
    element("td", {}, part.place), element("th", { scope: "row" }, part.name),
    element("td", {}, part.value === null ? (part.place === "signature" ? "not shown" : "missing") : element("code", {}, part.value)),
    element("td", {}, element("span", { class: `status ${part.is_refused ? "bad" : "good"}` }, part.is_refused ? "refused" : "fine"), " ", part.why),
  ];
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Token" },
    token.problem && element("p", {}, `The token cannot be used: ${token.problem}.`),
    token.parts.length > 0 && element("table", {},
      element("thead", {}, element("tr", {}, ["Part", "Name", "Value", "What the service makes of it"].map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, token.parts.map((part) => element("tr", {}, cell(part))))));
}

export class Refused {
  constructor(root, go) {
    this.root = root;
    this.go = go;
    this.shown = [];
    this.list = element("ul", { class: "list" });
    this.summary = element("p", { class: "summary" });
    this.older = button("Older requests", () => this.load(this.shown.at(-1)?.id), { hidden: true });
    this.detail = element("section", { class: "detail", "aria-label": "Refused request" });
  }

  async open(id) {
    const clear = async () => {
      await ask("DELETE", "refused-requests");
      announce("The list is empty");
      this.go(null);
      await this.load();
    };
    this.root.replaceChildren(element("div", { class: "columns" },
      element("section", { class: "messages", "aria-label": "Refused requests" },
        element("div", { class: "line" }, this.summary, button("Clear the list", clear)), this.list, this.older),
      this.detail));
    await this.load();
    await this.openMessage(id);
  }

  async load(olderThan) {
    const limit = olderThan ? PAGE_SIZE : Math.max(PAGE_SIZE, this.shown.length);
    const { refused_requests: requests } = await get(query("refused-requests", { limit, older_than: olderThan }));
    this.shown = olderThan ? [...this.shown, ...requests] : requests;
    this.older.hidden = requests.length < limit;
    this.summary.textContent = this.shown.length
      ? `${this.older.hidden ? "" : "The newest "}${count(this.shown.length, "refused request")}, newest first; the newest 1,000 are kept`
      : "No request has been refused.";
    this.list.replaceChildren(...this.shown.map((request) => element("li", {},
      element("a", { class: "row", href: `#refused/${request.id}`, "data-id": request.id, "aria-current": String(request.id) === this.selected && "true" },
        element("span", { class: "top" },
          element("span", { class: "status bad" }, request.status ?? "cut"),
          element("strong", {}, `${request.method} ${request.path}`), clockTime(request.at)),
        element("span", { class: "text" }, request.reason ?? lines(request.answer)[0])))));
  }

  async openMessage(id) {
    this.selected = id ?? null;
    this.list.querySelectorAll("a").forEach((row) => {
      if (row.dataset.id === id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    if (!id) {
      this.detail.replaceChildren(element("p", { class: "summary" }, "Choose a request to see why it was refused."));
      return;
    }
    const request = await get(`refused-requests/${id}`);
    const title = element("h2", { tabindex: "-1" }, `${request.status ?? "cut"} ${request.method} ${request.path}`);
    this.detail.replaceChildren(title,
      facts([
        ["Reason", request.reason], ["What to do", request.remedy],
        ["Answer", lines(request.answer).map((line) => element("div", {}, line))],
        ["Service", request.service], ["Key", request.key], ["When", moment(request.at)],
      ]),
      element("h3", {}, "Token"), tokenTable(request.token));
    focus(title);
  }

  async happened(events) {
    const refused = events.filter(([name]) => name === "refused").length;
    if (refused) announce(count(refused, "refused request"));
    await this.load();
  }
}
