// One phone: its chat, what is typed in it, and what its thumb does.
import { el, invite, post } from "./dom.js";
import { day, dayOf, draw } from "./bubble.js";
import { drawers } from "./drawers.js";

export class Phone {
  constructor(view, page) {
    this.page = page;
    this.id = view.id;
    this.name = view.name;
    this.messages = new Map();
    this.drawn = new Map(); // the key of a group → { node, look }
    this.about = null; // { message, edit }: what the next text answers or changes
    this.unread = 0;
    this.force = 0;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.node.dataset.phone = view.id;
    this.node.setAttribute("aria-label", view.name + (view.role ? ", " + view.role : ""));
    const avatar = this.$(".avatar");
    avatar.textContent = view.name.replace(/^(Pak|Bu|Bapak|Ibu)\s+/i, "").split(/\s+/).slice(0, 2).map((w) => w[0].toUpperCase()).join("");
    avatar.style.setProperty("--hue", [168, 205, 268, 24, 335, 95][page.count % 6]);
    this.$(".who h2").textContent = view.name;
    this.$(".who").title = view.hint;
    this.chat = this.$(".chat");
    this.input = this.$("textarea");
    this.does = {
      say: (text) => this.act("text", { text }),
      start: (payload) => this.start(payload),
      elsewhere: (payload) => page.add(payload),
      enlarge: (src) => page.enlarge(src),
      find: (id) => this.messages.get(id),
      gist,
      show: (id) => this.show(id),
      press: (m, b, button) => this.press(m, b, button),
      answer: (m) => this.take({ message: m }),
      change: (m) => this.take({ message: m, edit: true }),
    };
    this.doing = { ...this.thumbs(), ...drawers(this) };
    this.listen();
  }

  $(selector) { return this.node.querySelector(selector); }

  listen() {
    this.node.addEventListener("click", (e) => {
      const name = e.target.closest("[data-do]")?.dataset.do;
      if (name && this.doing[name]) this.doing[name]();
      if (name !== "menu") this.menu(false);
    });
    this.$(".compose").addEventListener("submit", (e) => { e.preventDefault(); this.send(); });
    this.input.addEventListener("input", () => this.grow());
    this.input.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); this.send(); }
    });
    this.node.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      this.menu(false);
      this.open(null);
      this.take(null);
      this.$(".alert").hidden = true;
    });
    // The log grows when a picture arrives, and the view shrinks when a drawer opens: only scrolling up leaves the bottom.
    this.pinned = true;
    let top = 0;
    this.chat.addEventListener("scroll", () => {
      if (this.atBottom()) { this.pinned = true; this.read(); }
      else if (this.chat.scrollTop < top) this.pinned = false;
      top = this.chat.scrollTop;
    }, { passive: true });
    new ResizeObserver(() => this.pinned && this.bottom()).observe(this.chat);
    new ResizeObserver(() => this.pinned && this.bottom()).observe(this.$(".log"));
  }

  // thumbs are what the buttons with data-do do; drawers add theirs.
  thumbs() {
    return {
      menu: () => this.menu(this.$(".menu").hidden),
      block: () => this.act("block", { blocked: !this.blocked }),
      link: () => this.paste(),
      latest: () => this.bottom(),
      ok: () => { this.$(".alert").hidden = true; this.input.focus(); },
      forget: () => this.take(null),
      start: () => (this.blocked ? this.act("block", { blocked: false }) : this.start("")),
      keyboard: () => { this.hideKeys = !this.hideKeys; this.keys(); },
    };
  }

  menu(open) {
    this.$(".menu").hidden = !open;
    this.$("[data-do=menu]").setAttribute("aria-expanded", open);
  }

  paste() {
    const url = prompt("Invite link", "https://t.me/");
    if (url === null) return;
    const code = invite(url.trim());
    if (code === undefined) this.toast("That link has no start code.", true);
    else this.start(code);
  }

  start(payload) { return this.act("start", { payload }); }

  // act does one thing as this person; what goes wrong is shown in the phone.
  async act(name, fields) {
    if (!["block", "press", "edit"].includes(name)) this.pinned = true;
    try {
      return await post(`phones/${this.id}/${name}`, fields);
    } catch (err) {
      this.toast(err.message, true);
    }
  }

  async send() {
    const text = this.input.value.trim();
    const about = this.about;
    if (!text && !about?.edit) return;
    this.input.value = "";
    this.grow();
    this.take(null);
    const done = about?.edit
      ? await this.act("edit", { message: about.message.id, text })
      : await this.act("text", { text, reply: about?.message.id || this.force });
    if (done === undefined && !this.input.value) { this.input.value = text; this.grow(); }
  }

  grow() {
    this.input.style.height = "40px";
    this.input.style.height = Math.min(this.input.scrollHeight + 2, 132) + "px";
  }

  take(about) {
    const was = this.about;
    this.about = about;
    const bar = this.$(".about");
    bar.hidden = !about;
    if (about) {
      bar.firstElementChild.textContent = (about.edit ? "Edit: " : "Reply to: ") + gist(about.message);
      if (about.edit) this.input.value = about.message.text || "";
      this.input.focus();
    } else if (was?.edit) {
      this.input.value = "";
    }
    this.grow();
  }

  async press(m, b, button) {
    if (b.copy) return navigator.clipboard?.writeText(b.copy).then(() => this.toast("Copied"));
    if (b.url) {
      const code = invite(b.url);
      if (code !== undefined) return this.start(code);
      if (/^https?:/i.test(b.url)) window.open(b.url, "_blank", "noopener");
      return;
    }
    if (button.classList.contains("busy")) return;
    button.classList.add("busy");
    button.setAttribute("aria-busy", "true");
    const answer = await this.act("press", { message: m.id, data: b.data });
    button.classList.remove("busy");
    button.removeAttribute("aria-busy");
    if (answer?.text) answer.alert ? this.alert(answer.text) : this.toast(answer.text);
  }

  toast(text, bad = false) {
    const node = this.$(".toast");
    node.textContent = text;
    node.classList.toggle("bad", bad);
    node.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { node.hidden = true; }, Math.max(3000, text.length * 70));
  }

  alert(text) {
    const node = this.$(".alert");
    node.firstElementChild.textContent = text;
    node.hidden = false;
    node.lastElementChild.focus();
  }

  // update takes an event of the server into the phone.
  update(v) {
    const first = this.drawn.size === 0;
    const changed = v.messages.length || v.gone?.length || v.blocked !== this.blocked || v.started !== this.started;
    if (v.reset) this.messages.clear();
    for (const m of v.messages) this.messages.set(m.id, m);
    for (const id of v.gone || []) this.messages.delete(id);
    Object.assign(this, { started: v.started, blocked: v.blocked, force: v.force || 0 });
    this.node.classList.toggle("blocked", v.blocked);
    this.node.classList.toggle("unstarted", !v.started);
    this.$("[data-do=block]").textContent = v.blocked ? "Unblock the bot" : "Block the bot";
    const begin = this.$(".begin");
    begin.hidden = v.started && !v.blocked;
    begin.textContent = v.blocked ? "UNBLOCK" : "START";
    this.input.placeholder = v.ask || v.placeholder || "Message";
    this.role = v.role;
    this.status(changed ? "" : v.action);
    if (JSON.stringify(v.keyboard) !== JSON.stringify(this.keyboard)) {
      this.keyboard = v.keyboard;
      this.hideKeys = false;
      this.keys();
    }
    this.render(v, first);
  }

  // An event that changes nothing else says that the bot is typing; Telegram shows that for five seconds.
  status(action) {
    clearTimeout(this.typing);
    const line = this.$(".who p");
    const idle = this.blocked ? "blocked the bot" : this.role;
    line.textContent = action ? (action === "typing" ? "the bot is typing…" : "the bot is sending…") : idle;
    if (action) this.typing = setTimeout(() => { line.textContent = idle; }, 5000);
  }

  keys() {
    const box = this.$(".keys");
    const toggle = this.$("[data-do=keyboard]");
    toggle.hidden = !this.keyboard;
    box.hidden = !this.keyboard || this.hideKeys;
    toggle.setAttribute("aria-expanded", !box.hidden);
    box.replaceChildren(...(this.keyboard || []).map((row) => el("div", {}, ...row.map((b) =>
      el("button", { type: "button", "data-button": b.text, onclick: () => this.key(b) }, b.text)))));
  }

  key(b) {
    if (b.location) return this.act("location");
    if (b.contact) return this.act("contact");
    return this.act("text", { text: b.text });
  }

  render(v, first) {
    const log = this.$(".log");
    const groups = group([...this.messages.values()].sort((a, b) => a.id - b.id));
    const keep = new Set();
    let before = log.firstElementChild;
    const place = (key, look, make) => {
      keep.add(key);
      let known = this.drawn.get(key);
      if (!known || known.look !== look) {
        const node = make();
        if (!known && !first) node.classList.add("fresh");
        if (known) {
          if (before === known.node) before = node;
          known.node.replaceWith(node);
        }
        known = { node, look };
        this.drawn.set(key, known);
      }
      if (known.node === before) before = before.nextElementSibling;
      else log.insertBefore(known.node, before);
    };
    let today = "";
    if (!groups.length && (v.about || v.hint)) place("about", v.about + v.hint, () => el("div", { class: "welcome" }, v.about && el("p", {}, v.about), v.hint && el("p", {}, v.hint)));
    for (const g of groups) {
      if (dayOf(g[0]) !== today) {
        today = dayOf(g[0]);
        place("day " + today, today, () => day(today));
      }
      place(g[0].album ? "album " + g[0].album : "message " + g[0].id, JSON.stringify(g), () => draw(g, this.does));
    }
    for (const [key, { node }] of this.drawn) {
      if (!keep.has(key)) { node.remove(); this.drawn.delete(key); }
    }
    if (this.pinned) return this.bottom();
    this.unread += v.messages.filter((m) => !m.me && !m.edited).length;
    this.$(".latest").hidden = false;
    this.$(".latest b").textContent = this.unread || "";
  }

  show(id) {
    const node = this.$(`[data-messages~="${id}"]`);
    node?.scrollIntoView({ block: "center", behavior: "smooth" });
  }

  atBottom() { return this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 48; }

  bottom() {
    this.chat.scrollTop = this.chat.scrollHeight;
    this.pinned = true;
    this.read();
  }

  read() {
    this.unread = 0;
    this.$(".latest").hidden = true;
  }
}

// group puts the pictures of an album together.
function group(messages) {
  const out = [];
  for (const m of messages) {
    const last = out[out.length - 1];
    if (last && m.album && last[0].album === m.album) last.push(m);
    else out.push([m]);
  }
  return out;
}

function gist(m) {
  const thing = m.photo ? "photo" : m.document ? m.document.name || "file" : m.voice ? "voice message" : m.location ? "location" : m.contact ? "contact" : m.sticker ? "sticker" : "message";
  return (m.text || thing).replace(/\s+/g, " ").slice(0, 90);
}
