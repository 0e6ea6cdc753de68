// How things are written.

export const TYPES = { sms: "Text message", email: "E-mail", letter: "Letter" };

/** A moment of the sandbox's clock, in the reader's zone. */
export function moment(text) {
  if (!text) return null;
  const time = new Date(text);
  const made = document.createElement("time");
  made.dateTime = text;
  made.textContent = time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
  return made;
}

/** The time of a day. */
export function clockTime(text) {
  const made = document.createElement("time");
  made.dateTime = text;
  made.textContent = new Date(text).toLocaleTimeString(undefined, { timeStyle: "medium" });
  return made;
}

/** A count with its noun. */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** Whether a status is good, bad, or not the last. */
export function tone(status) {
  if (["delivered", "sent", "received"].includes(status)) return "good";
  if (/fail|cancelled|returned|cannot/.test(status)) return "bad";
  return "waiting";
}

/** What a message costs, as far as its service says. */
export function cost(message) {
  if (message.cost_in_pounds === null && message.is_cost_data_ready === false) return "cost not known yet";
  if (typeof message.cost_in_pounds !== "number") return null;
  return `£${message.cost_in_pounds.toFixed(3).replace(/0$/, "")}`;
}

/** The beginning of a text, on one line. */
export function beginning(text, length = 120) {
  const line = (text ?? "").replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
