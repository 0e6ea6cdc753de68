// The attempts to post callbacks, newest first.

import { ask, get } from "./api.js";
import { announce, button, element } from "./dom.js";
import { count, moment } from "./format.js";

const SHOWN = 200;

const isGood = (outcome) => /^2\d\d$/.test(outcome);

export class Callbacks {
  constructor(root) {
    this.root = root;
    this.summary = element("p", { class: "summary" });
    this.list = element("ul", { class: "list" });
  }

  async open() {
    this.open_ = new Set();
    this.root.replaceChildren(element("section", { "aria-label": "Callbacks" }, this.summary, this.list));
    await this.load();
  }

  async load() {
    const { callbacks } = await get("callbacks");
    const newest = callbacks.reverse().slice(0, SHOWN);
    const all = count(callbacks.length, "attempt");
    this.summary.textContent = callbacks.length
      ? callbacks.length > SHOWN ? `The newest ${SHOWN} of ${all}` : `${all}, newest first`
      : "No callback has been posted. A service posts them once it has a URL for them: see Services.";
    this.list.replaceChildren(...newest.map((one) => this.row(one)));
  }

  row(one) {
    const again = async () => {
      await ask("POST", `callbacks/${one.id}/again`);
      announce("The callback is posted again");
    };
    const remember = (event) => this.open_[event.target.open ? "add" : "delete"](one.id);
    return element("li", { class: "card" },
      element("div", { class: "top" },
        element("span", { class: `status ${isGood(one.outcome) ? "good" : "bad"}` }, one.outcome),
        element("strong", {}, one.kind), element("span", {}, `attempt ${one.attempt}`), element("span", {}, one.url), moment(one.at)),
      one.next_attempt_at && element("p", {}, "To be tried again at ", moment(one.next_attempt_at)),
      element("details", { open: this.open_.has(one.id), ontoggle: remember }, element("summary", {}, "What was posted"),
        element("pre", { tabindex: "0" }, JSON.stringify(one.body, null, 2))),
      button("Send again", again, { "aria-label": `Send attempt ${one.attempt} of ${one.kind} again` }));
  }

  async happened() {
    await this.load();
  }
}
