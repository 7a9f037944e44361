// What slides up above the input line: the samples, the attachments, the bot's commands.
import { el } from "./dom.js";

export function drawers(phone) {
  const boxes = { samples: phone.$(".samples"), attach: phone.$(".attach"), commands: phone.$(".commands") };
  let chosen = [];

  phone.open = (name) => {
    for (const [key, box] of Object.entries(boxes)) {
      box.hidden = key !== name || !box.hidden;
      phone.$(`.compose [data-do=${key}]`).setAttribute("aria-expanded", !box.hidden);
    }
  };
  const shown = (name) => !boxes[name].hidden;

  const caption = phone.$("[data-testid=sample-caption]");
  const send = phone.$("[data-do=send-samples]");
  const suggest = phone.$(".suggest");

  function mark() {
    for (const b of boxes.samples.querySelectorAll("[data-sample]")) {
      const at = chosen.indexOf(b.dataset.sample);
      b.setAttribute("aria-pressed", at >= 0);
      b.dataset.order = at + 1;
    }
    send.disabled = !chosen.length;
    send.textContent = chosen.length > 1 ? "Send " + chosen.length : "Send";
    const words = phone.page.samples.find((s) => s.name === chosen[0])?.caption || "";
    suggest.textContent = words;
    suggest.hidden = !words || caption.value === words;
  }

  function fill() {
    const grid = boxes.samples.querySelector(".grid");
    if (grid.childElementCount) return;
    grid.append(...phone.page.samples.map((s) => el("button", {
      type: "button", "data-sample": s.name, "aria-pressed": "false", "data-order": 0,
      onclick: () => {
        chosen = chosen.includes(s.name) ? chosen.filter((n) => n !== s.name) : [...chosen, s.name].slice(-10);
        mark();
      },
      ondblclick: () => { chosen = [s.name]; sendSamples(); },
    }, el("img", { src: "samples/" + encodeURIComponent(s.name), alt: "", decoding: "async", loading: "lazy" }), el("span", {}, s.title))));
  }

  async function sendSamples() {
    if (!chosen.length) return;
    const sample = chosen, words = caption.value;
    chosen = [];
    caption.value = "";
    mark();
    phone.open(null);
    await phone.act("photos", { sample, caption: words, reply: phone.about?.message.id });
    phone.take(null);
  }

  caption.addEventListener("keydown", (e) => {
    if (e.key === "Enter") { e.preventDefault(); sendSamples(); }
  });

  async function commands() {
    let list = [];
    try {
      list = await (await fetch(`phones/${phone.id}/commands`)).json();
    } catch { /* shown as none */ }
    boxes.commands.replaceChildren(...list.map((c) => el("button", {
      type: "button", role: "menuitem", "data-command": c.command, onclick: () => { phone.open(null); phone.act("text", { text: "/" + c.command }); },
    }, el("code", {}, "/" + c.command), el("span", {}, c.description))));
    if (!list.length) boxes.commands.append(el("p", {}, "The bot has set no commands for this chat."));
  }

  const once = (name) => () => { phone.open(null); phone.act(name); };
  const pickers = { photo: phone.$(".pick-photo"), document: phone.$(".pick-document") };
  for (const [name, input] of Object.entries(pickers)) {
    input.addEventListener("change", async () => {
      const files = [...input.files].slice(0, 10), words = phone.input.value.trim();
      input.value = "";
      phone.open(null);
      if (!files.length) return;
      const done = await phone.act(name === "photo" ? "photos" : "document", { [name]: files, caption: words });
      if (done) { phone.input.value = ""; phone.grow(); }
    });
  }

  return {
    samples: () => { fill(); phone.open("samples"); },
    attach: () => phone.open("attach"),
    commands: () => { phone.open("commands"); if (shown("commands")) commands(); },
    close: () => phone.open(null),
    "send-samples": sendSamples,
    suggest: () => { caption.value = suggest.textContent; mark(); caption.focus(); },
    photo: () => pickers.photo.click(),
    document: () => pickers.document.click(),
    location: once("location"), voice: once("voice"), sticker: once("sticker"), contact: once("contact"),
  };
}
