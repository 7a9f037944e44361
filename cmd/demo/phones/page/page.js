// The page: phones side by side, fed by one stream of events.
import { invite, post } from "./dom.js";
import { Phone } from "./phone.js";

const main = document.querySelector(".phones");
const online = document.querySelector(".online");
const lightbox = document.getElementById("lightbox");
const dialog = document.getElementById("add");
const phones = new Map();

const page = {
  samples: [],
  get count() { return phones.size; },
  enlarge(src) {
    lightbox.querySelector("img").src = src;
    lightbox.showModal();
  },
  // add asks for a name, then starts the bot in the new phone if there is an invite.
  add(payload) {
    const form = dialog.querySelector("form");
    form.reset();
    form.name.value = "Orang Baru " + (phones.size + 1);
    form.link.value = payload ? "https://t.me/bot?start=" + payload : "";
    dialog.returnValue = "";
    dialog.showModal();
    form.name.select();
  },
};

async function join(name, link) {
  const { id } = await post("phones", { name });
  const phone = await arrival(String(id));
  phone.node.scrollIntoView({ inline: "center", behavior: "smooth" });
  if (!link) return;
  const code = invite(link);
  if (code === undefined) phone.toast("That link has no start code.", true);
  else await phone.start(code);
}

const waiting = new Map();
function arrival(id) {
  if (phones.has(id)) return phones.get(id);
  return new Promise((resolve) => waiting.set(id, resolve));
}

function take(view) {
  const id = String(view.id);
  let phone = phones.get(id);
  if (!phone) {
    phone = new Phone(view, page);
    phones.set(id, phone);
    main.append(phone.node);
  }
  phone.update(view);
  waiting.get(id)?.(phone);
  waiting.delete(id);
}

dialog.addEventListener("close", () => {
  const form = dialog.querySelector("form");
  if (dialog.returnValue === "ok") join(form.name.value.trim(), form.link.value.trim()).catch((err) => alert(err.message));
});
dialog.querySelector("[value=cancel]").addEventListener("click", () => dialog.close(""));
document.querySelector(".add").addEventListener("click", () => page.add(""));
lightbox.addEventListener("click", () => lightbox.close());

const events = new EventSource("events");
events.addEventListener("phone", (e) => take(JSON.parse(e.data)));
events.onopen = () => { online.textContent = "live"; online.classList.add("yes"); };
events.onerror = () => { online.textContent = "connection lost, trying again…"; online.classList.remove("yes"); };

page.samples = await (await fetch("samples")).json();
