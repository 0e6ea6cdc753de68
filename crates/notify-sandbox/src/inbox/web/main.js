// The panes of the page, and what happens meanwhile.

import { followAlways } from "./api.js";
import { Callbacks } from "./callbacks.js";
import { Controls } from "./controls.js";
import { complain, element } from "./dom.js";
import { Messages } from "./messages.js";
import { Refused } from "./refused.js";
import { Services } from "./services.js";

/** How long events are gathered before the pane is drawn again, in milliseconds. */
const GATHERED = 100;

const main = document.getElementById("main");
const go = (hash) => {
  location.hash = hash;
};

const PANES = [
  {
    name: "messages", title: "Messages", events: ["message", "status", "clock", "services", "reset", "missed"],
    pane: new Messages(main, (id) => go(id ? `messages/${id}` : "messages")),
  },
  {
    name: "refused", title: "Refused requests", events: ["refused", "reset", "missed"],
    pane: new Refused(main, (id) => go(id ? `refused/${id}` : "refused")),
  },
  { name: "controls", title: "Clock and faults", events: ["clock", "faults", "reset", "missed"], pane: new Controls(main) },
  { name: "callbacks", title: "Callbacks", events: ["callback", "reset", "missed"], pane: new Callbacks(main) },
  { name: "services", title: "Services", events: ["services", "reset"], pane: new Services(main) },
];

let open;

async function route() {
  const [name, id] = location.hash.slice(1).split("/");
  const wanted = PANES.find((pane) => pane.name === name) ?? PANES[0];
  const isOther = open !== wanted;
  open = wanted;
  for (const link of document.querySelectorAll("#panes a")) {
    if (link.hash === `#${wanted.name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${wanted.title} – Notify sandbox`;
  try {
    if (isOther) await wanted.pane.open(id);
    else await wanted.pane.openMessage?.(id);
  } catch (error) {
    complain(error);
  }
}

let gathered = [];

async function tell() {
  const events = gathered.filter(([name]) => open.events.includes(name));
  gathered = [];
  if (!events.length) return;
  try {
    await open.pane.happened(events);
  } catch (error) {
    complain(error);
  }
}

function hear(name, data) {
  gathered.push([name, data]);
  if (gathered.length === 1) setTimeout(tell, GATHERED);
}

function connected(isConnected) {
  const shown = document.getElementById("connection");
  shown.textContent = isConnected ? "live" : "not connected";
  shown.dataset.live = isConnected;
  // What happened in between is not told.
  if (isConnected) hear("missed", {});
}

document.getElementById("panes").append(element("ul", {}, PANES.map((pane) =>
  element("li", {}, element("a", { href: `#${pane.name}` }, pane.title)))));
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.matches("input, textarea, select")) {
    event.preventDefault();
    document.querySelector("[name=text]")?.focus();
  }
});
addEventListener("hashchange", route);
await route();
followAlways(hear, connected);
