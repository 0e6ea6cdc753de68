// The clock, faults, received texts, and the way back to the start.

import { ask, get } from "./api.js";
import { announce, button, element, field, form, select } from "./dom.js";
import { moment } from "./format.js";

const FAULTS = [
  ["answer", "answer with an error"], ["drop", "cut the connection"], ["delay", "delay the request"],
  ["cut-body", "cut the answer in the middle"], ["drip", "send the answer byte by byte"],
];
const number = (text) => (text ? Number(text) : undefined);

/** A fault in words. */
function words(fault) {
  const name = FAULTS.find(([key]) => key === fault.fault)?.[1] ?? fault.fault;
  const parts = [
    fault.status && `status ${fault.status}`, fault.seconds && `${fault.seconds} s`,
    fault.effect === "done" && "the request takes effect", fault.effect === "late" && `takes effect ${fault.late_seconds} s later`,
    fault.method !== "*" && fault.method, fault.path !== "*" && fault.path, fault.to && `to ${fault.to}`,
    fault.template && `template ${fault.template}`, fault.next && `the next ${fault.next}`, fault.share && `a share of ${fault.share}`,
  ];
  return [name, ...parts.filter(Boolean)].join(", ");
}

export class Controls {
  constructor(root) {
    this.root = root;
    this.now = element("p", { class: "now" });
    this.running = element("div", { class: "line" });
    this.faults = element("ul", { class: "plain" });
    this.summary = element("p", { class: "summary" });
  }

  async open() {
    const card = (title, ...content) => element("div", { class: "card" }, element("h2", {}, title), ...content);
    const wide = (made) => (made.classList.add("wide"), made);
    const { magic_recipients: magic } = await get("magic-recipients");
    this.root.replaceChildren(element("div", { class: "cards" },
      card("Clock", this.now, this.running, this.clockForms()),
      card("Faults", this.summary, this.faults, this.faultForm()),
      card("Receive a text", this.textForm()),
      card("Start again", element("p", {}, "Back to the initial state: no messages, faults or callbacks; services and clock as they were."),
        this.resetButton()),
      wide(card("Magic recipients", element("p", {}, "Whoever sends to one of these gets its outcome."), this.magicTable(magic)))));
    await this.load();
  }

  async load() {
    const [clock, { faults }] = await Promise.all([get("clock"), get("faults")]);
    this.showClock(clock);
    this.summary.textContent = faults.length ? "Not used up yet, the first that fits strikes:" : "No fault is waiting.";
    this.faults.replaceChildren(...faults.map((fault) => element("li", {}, words(fault))));
  }

  async change(order, said) {
    this.showClock(await ask("PUT", "clock", order));
    announce(said);
  }

  showClock(clock) {
    this.clock = clock;
    this.now.replaceChildren(moment(clock.now), clock.frozen ? " – frozen" : " – running");
    this.running.replaceChildren(clock.frozen
      ? button("Resume", () => this.change({ frozen: false }, "The clock runs"))
      : button("Freeze", () => this.change({ frozen: true }, "The clock is frozen")));
  }

  clockForms() {
    const advance = (data) => {
      const seconds = Number(data.get("amount")) * Number(data.get("unit"));
      return this.change({ advance_seconds: seconds }, "The clock has moved");
    };
    const set = (data) => this.change({ set: new Date(data.get("moment")).toISOString() }, "The clock is set");
    return [
      form({ class: "line" }, advance,
        field("Advance by", element("input", { name: "amount", type: "number", step: "any", value: "5", required: true }), "negative to go back"),
        field("Unit", select({ name: "unit", value: "60" }, [["1", "seconds"], ["60", "minutes"], ["3600", "hours"], ["86400", "days"]])),
        element("button", {}, "Advance")),
      form({ class: "line" }, set,
        field("Set to", element("input", { name: "moment", type: "datetime-local", step: "1", required: true })),
        element("button", {}, "Set")),
    ];
  }

  faultForm() {
    const order = async (data) => {
      const given = Object.fromEntries([...data].filter(([, value]) => value !== ""));
      const fault = {
        ...given, status: given.fault === "answer" ? number(given.status) : undefined,
        seconds: ["delay", "drip"].includes(given.fault) ? number(given.seconds) : undefined,
        effect: ["drop", "answer"].includes(given.fault) ? given.effect : undefined,
        late_seconds: given.effect === "late" ? number(given.seconds) : undefined,
        next: number(given.next), share: number(given.share),
      };
      await ask("POST", "faults", fault);
      announce("The fault is injected");
      await this.load();
    };
    const clear = async () => {
      await ask("DELETE", "faults");
      announce("All faults are cleared");
      await this.load();
    };
    const input = (name, attributes) => element("input", { name, autocomplete: "off", ...attributes });
    return form({}, order,
      element("div", { class: "line" },
        field("Fault", select({ name: "fault" }, FAULTS)),
        field("Status", select({ name: "status", value: "503" }, ["429", "500", "502", "503", "504"]), "of the error"),
        field("Effect", select({ name: "effect" }, [["none", "nothing is sent"], ["done", "it is sent anyway"], ["late", "it is sent later"]]), "of a cut or an error"),
        field("Seconds", input("seconds", { type: "number", min: "0", step: "any", value: "2" }), "of a delay, a drip or a late effect")),
      element("div", { class: "line" },
        field("Only to", input("to"), "recipient"),
        field("Only template", input("template"), "id"),
        field("Only method", input("method"), "such as POST"),
        field("Only path", input("path"), "a * at the end matches anything"),
        field("Only the next", input("next", { type: "number", min: "1" }), "requests"),
        field("Only a share", input("share", { type: "number", min: "0", max: "1", step: "any" }), "from 0 to 1")),
      element("div", { class: "line" }, element("button", {}, "Inject the fault"), button("Clear all faults", clear)));
  }

  textForm() {
    const receive = async (data, made) => {
      await ask("POST", "received-texts", Object.fromEntries(data));
      announce("The text is received");
      made.reset();
    };
    return form({ class: "line" }, receive,
      field("From", element("input", { name: "from", value: "447700900111", required: true })),
      field("Text", element("input", { name: "content", required: true })),
      element("button", {}, "Receive"));
  }

  magicTable(rows) {
    return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of magic recipients" },
      element("table", {},
        element("thead", {}, element("tr", {}, ["E-mail address", "Britain", "North America", "Australia", "Outcome"].map((name) => element("th", { scope: "col" }, name)))),
        element("tbody", {}, rows.map((row) => element("tr", {},
          element("td", {}, row.email_address), row.phone_numbers.map((one) => element("td", {}, one)), element("td", {}, row.meaning))))));
  }

  resetButton() {
    const reset = async () => {
      if (!confirm("Delete all messages, faults and callbacks?")) return;
      await ask("POST", "reset");
      announce("The sandbox is in its initial state");
      await this.load();
    };
    return button("Reset the sandbox", reset);
  }

  async happened() {
    await this.load();
  }
}
