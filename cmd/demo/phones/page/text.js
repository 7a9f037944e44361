// A text with Telegram's entities as nodes. Nothing of the text is ever read as HTML.
import { el, icon, invite } from "./dom.js";

const tags = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

// Offsets are UTF-16 units, which is how JavaScript counts too.
export function rich(text, entities, does) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nest(text, sorted, 0, text.length, does);
}

function nest(text, entities, from, to, does) {
  const out = document.createDocumentFragment();
  let at = from;
  for (let i = 0; i < entities.length; i++) {
    const e = entities[i];
    if (e.offset < at || e.offset >= to) continue;
    const end = Math.min(e.offset + e.length, to);
    out.append(text.slice(at, e.offset));
    const inner = nest(text, entities.slice(i + 1), e.offset, end, does);
    out.append(wrap(e, inner, text.slice(e.offset, end), does));
    at = end;
  }
  out.append(text.slice(at, to));
  return out;
}

function wrap(e, inner, words, does) {
  if (tags[e.type]) return el(tags[e.type], {}, inner);
  switch (e.type) {
    case "spoiler":
      return el("span", { class: "spoiler", tabindex: "0" }, inner);
    case "bot_command":
      return el("a", { href: "#", onclick: (ev) => { ev.preventDefault(); does.say(words); } }, inner);
    case "url":
    case "text_link":
      return link(e.url || words, inner, does);
    case "email":
      return el("a", { href: "mailto:" + words }, inner);
    default:
      return inner;
  }
}

function link(url, inner, does) {
  const code = invite(url);
  if (code !== undefined) {
    const out = document.createDocumentFragment();
    out.append(
      el("a", { href: url, "data-testid": "deep-link", onclick: (ev) => { ev.preventDefault(); does.start(code); } }, inner),
      el("button", {
        type: "button", class: "elsewhere", title: "Open in a new phone", "aria-label": "Open in a new phone",
        "data-testid": "deep-link-new", onclick: () => does.elsewhere(code),
      }, icon("link")));
    return out;
  }
  if (!/^(https?|mailto|tel):/i.test(url)) return inner;
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, inner);
}
