// A template with its placeholders filled in, and nothing sent.

import { ask, query } from "./api.js";
import { element, field, form } from "./dom.js";
import { count } from "./format.js";
import { textOnly } from "./message.js";

/** A form with a field for each placeholder, and what comes of them. */
export function preview(service, template) {
  const shown = element("div", { class: "preview" });
  const path = `services/${service.id}/templates/${template.id}/preview`;
  const fill = async (data) => {
    const personalisation = Object.fromEntries(data);
    const filled = await ask("POST", path, { personalisation });
    shown.replaceChildren(...parts(filled, personalisation));
  };
  const parts = (filled, personalisation) => [
    filled.subject && element("h4", {}, filled.subject),
    filled.type === "email" && !filled.html && textOnly(filled.body),
    filled.type === "email" && filled.html && element("iframe", {
      class: "mail", title: "The e-mail as its reader would see it", sandbox: "allow-popups allow-popups-to-escape-sandbox",
      referrerpolicy: "no-referrer", src: query(`/sandbox/inbox/previews/${service.id}/${template.id}`, personalisation),
    }),
    filled.on_phone && element("figure", { class: "phone" }, element("blockquote", { class: "bubble" }, filled.on_phone.text),
      element("figcaption", {}, count(filled.on_phone.fragments, "fragment"))),
    filled.type === "letter" && element("pre", { class: "text", tabindex: "0" }, filled.body),
  ].filter(Boolean);
  const made = form({ class: "editor" }, fill,
    template.placeholders.map((name) => field(name, element("input", { name, autocomplete: "off" }))),
    element("button", {}, "Fill in"), shown);
  // Without values, the placeholders show.
  ask("POST", path, { personalisation: {} }).then((filled) => shown.replaceChildren(...parts(filled, {})), () => {});
  return made;
}
