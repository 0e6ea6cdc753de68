// Elements, made without HTML: whatever a message holds becomes text, and never markup.

/** An element with attributes, listeners (`onclick`), properties that have no attribute (`value`), and children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

let fields = 0;

/** A control with its label, and perhaps a hint. */
export function field(label, control, hint) {
  fields += 1;
  control.id = `field-${fields}`;
  if (hint) control.setAttribute("aria-describedby", `hint-${fields}`);
  return element("div", { class: "field" },
    element("label", { for: control.id }, label), control, hint && element("small", { id: `hint-${fields}` }, hint));
}

/** A drop-down list; each option is a value, or a value with its words. */
export function select(attributes, options) {
  const { value, ...rest } = attributes;
  const made = element("select", rest, options.map((option) => {
    const [key, words] = Array.isArray(option) ? option : [option, option];
    return element("option", { value: key }, words);
  }));
  if (value !== undefined) made.value = value;
  return made;
}

/** A button that does something, and says so if that fails. */
export function button(words, act, attributes = {}) {
  const pressed = async (event) => {
    event.target.disabled = true;
    try {
      await act(event);
    } catch (error) {
      complain(error);
    } finally {
      event.target.disabled = false;
    }
  };
  return element("button", { type: "button", onclick: pressed, ...attributes }, words);
}

/** A form that does something with its fields, and says so if that fails. */
export function form(attributes, submit, ...children) {
  const submitted = async (event) => {
    event.preventDefault();
    try {
      await submit(new FormData(event.target), event.target);
    } catch (error) {
      complain(error);
    }
  };
  return element("form", { ...attributes, onsubmit: submitted }, ...children);
}

/** Puts the focus on a heading; on a narrow page, where it stands below the list, that brings it into view. */
export function focus(heading) {
  heading.closest(".detail").scrollTop = 0;
  heading.focus({ preventScroll: true });
  if (matchMedia("(max-width: 56rem)").matches) heading.scrollIntoView();
}

/** Names with their values. */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return element("dl", {}, shown.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

/** Says something to whoever looks or listens. */
export function announce(text) {
  document.getElementById("news").textContent = text;
}

/** Shows what went wrong, until the next order. */
export function complain(error) {
  document.querySelector(".complaint")?.remove();
  const close = () => complaint.remove();
  const complaint = element("div", { class: "complaint", role: "alert" }, error.message,
    element("button", { type: "button", onclick: close }, "Close"));
  document.getElementById("main").prepend(complaint);
}
