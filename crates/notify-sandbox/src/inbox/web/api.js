// The control API: all that the page shows and does, it asks for here. CONTROL.md documents it.

/** Sends a request below /sandbox/, and gives the JSON of the answer. No other site can set the header. */
export async function ask(method, path, body) {
  const answer = await fetch(`/sandbox/${path}`, {
    method,
    headers: { "X-Sandbox": "1" },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(json.error ?? `${method} ${path} was answered ${answer.status}`);
  return json;
}

export const get = (path) => ask("GET", path);

/** A path with parameters; those without a value are left out. */
export function query(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/** Follows the server-sent events until the connection ends. An EventSource could not set the header. */
async function follow(tell) {
  const answer = await fetch("/sandbox/events", { headers: { "X-Sandbox": "1" }, cache: "no-store" });
  if (!answer.ok) throw new Error(`the events were answered ${answer.status}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const lines = Object.fromEntries(event.split("\n").map((line) => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)];
      }));
      if (lines.event) tell(lines.event, JSON.parse(lines.data));
    }
  }
}

/** Follows the events for ever. `connected` is told whether there is a connection. */
export async function followAlways(tell, connected) {
  for (;;) {
    try {
      await follow((name, data) => {
        if (name === "ready") connected(true);
        tell(name, data);
      });
    } catch {
      // The next attempt follows.
    }
    connected(false);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
