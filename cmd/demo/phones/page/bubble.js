// Draws messages. A group is one message, or the messages of one album.
import { el, icon } from "./dom.js";
import { rich } from "./text.js";

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "long", year: "numeric" });
const happened = { created: "The group was created", joined: "Joined the group", left: "Left the group", migrated: "The group became a supergroup", pinned: "A message was pinned" };

export const dayOf = (m) => date.format(new Date(m.date));

export function day(text) {
  return el("div", { class: "day" }, text);
}

export function draw(group, does) {
  const m = group[0];
  if (m.service) return el("div", { class: "note", "data-message": m.id, "data-from": m.me ? "me" : "bot" }, happened[m.service] || m.service);
  const last = group[group.length - 1];
  const worded = group.find((g) => g.text) || m;
  const bubble = el("div", { class: "bubble" });
  if (m.reply) bubble.append(quote(m.reply, does));
  if (m.forwarded) bubble.append(el("div", { class: "meta" }, "forwarded"));
  const photos = group.filter((g) => g.photo);
  if (photos.length) bubble.append(album(photos, does));
  for (const g of group) bubble.append(...attachments(g));
  if (worded.text) bubble.append(el("div", { class: "text", "data-testid": "text", dir: "auto" }, rich(worded.text, worded.entities, does)));
  const edited = group.some((g) => g.edited);
  const reactions = group.flatMap((g) => g.reactions || []).join(" ");
  bubble.append(el("div", { class: "meta" },
    reactions ? el("span", {}, reactions) : "",
    group.some((g) => g.pinned) ? el("span", {}, "pinned") : "",
    edited ? el("span", { "data-testid": "edited" }, "edited") : "",
    el("time", { datetime: new Date(last.date).toISOString() }, time.format(new Date(last.date)))));
  const node = el("article", {
    class: m.me ? "message me" : "message", "data-message": m.id, "data-from": m.me ? "me" : "bot",
    "data-messages": group.map((g) => g.id).join(" "), "aria-label": m.me ? "sent" : "from the bot",
  }, bubble);
  if (last.buttons) node.append(buttons(last, does));
  node.append(acts(m, worded, does));
  return node;
}

function quote(id, does) {
  const to = does.find(id);
  return el("button", { type: "button", class: "quote", onclick: () => does.show(id) }, to ? does.gist(to) : "a deleted message");
}

function album(photos, does) {
  const box = el("div", { class: photos.length > 1 ? "photos many" : "photos" });
  for (const m of photos) {
    const src = "files/" + encodeURIComponent(m.photo.id);
    const button = el("button", { type: "button", "aria-label": "Enlarge the photo", "data-photo": m.id, onclick: () => does.enlarge(src) },
      el("img", { src, alt: m.text || "photo" }));
    if (photos.length === 1 && m.photo.width > m.photo.height) button.style.aspectRatio = m.photo.width + " / " + m.photo.height;
    box.append(button);
  }
  return box;
}

function attachments(m) {
  const out = [];
  if (m.document) {
    out.push(el("a", {
      class: "file", href: "files/" + encodeURIComponent(m.document.id), "data-testid": "document", target: "_blank", rel: "noopener",
      download: m.document.mime === "application/pdf" ? undefined : m.document.name || "file",
    }, el("span", {}, icon("file")), el("span", {}, el("b", {}, m.document.name || "file"), el("small", {}, size(m.document.size)))));
  }
  if (m.voice) out.push(el("audio", { controls: true, preload: "none", src: "files/" + encodeURIComponent(m.voice.id), "aria-label": "Voice message" }));
  if (m.sticker) out.push(el("div", { class: "sticker", role: "img", "aria-label": "Sticker" }, "👍"));
  if (m.location) {
    out.push(el("div", { class: "file", "data-testid": "location" }, el("span", {}, icon("pin")),
      el("span", {}, el("b", {}, "Location"), el("small", {}, m.location.map((d) => d.toFixed(4)).join(", ")))));
  }
  if (m.contact) {
    out.push(el("div", { class: "file", "data-testid": "contact" }, el("span", {}, icon("user")),
      el("span", {}, el("b", {}, m.contact.name), el("small", {}, m.contact.phone))));
  }
  if (m.poll) out.push(el("div", { class: "text" }, el("b", {}, m.poll.question), ...m.poll.options.map((o) => el("div", {}, "○ " + o))));
  return out;
}

function size(bytes) {
  if (!bytes) return "";
  return bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " KB" : (bytes / 1e6).toFixed(1) + " MB";
}

function buttons(m, does) {
  const box = el("div", { class: "buttons", role: "group", "aria-label": "Buttons" });
  for (const row of m.buttons) {
    const line = el("div");
    for (const b of row) {
      const button = el("button", { type: "button", "data-button": b.text, onclick: () => does.press(m, b, button) }, b.text);
      line.append(button);
    }
    box.append(line);
  }
  return box;
}

function acts(m, worded, does) {
  const box = el("div", { class: "acts" });
  const add = (name, label, act) => box.append(el("button", { type: "button", class: "icon", "aria-label": label, title: label, "data-testid": name, onclick: act }, icon(name)));
  add("reply", "Reply", () => does.answer(m));
  if (m.me && (m.text || m.photo || m.document)) add("edit", "Edit", () => does.change(worded));
  return box;
}
