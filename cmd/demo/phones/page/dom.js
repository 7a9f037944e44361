// Small things to build a page with.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c !== undefined && c !== null && c !== ""));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}

// post does something on the server; what goes wrong is thrown as a sentence.
export async function post(path, fields = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const v of Array.isArray(value) ? value : [value]) {
      if (v !== undefined && v !== null && v !== "") form.append(name, v);
    }
  }
  let response;
  try {
    response = await fetch(path, { method: "POST", body: form });
  } catch {
    throw new Error("The demo doesn’t answer. Is it still running?");
  }
  if (!response.ok) throw new Error((await response.text()).trim() || response.statusText);
  return response.json();
}

// invite is the start code of a t.me link to a bot, or undefined.
export function invite(url) {
  let u;
  try { u = new URL(url); } catch { return undefined; }
  if (u.protocol === "tg:") return u.searchParams.get("start") ?? undefined;
  if (!/^https?:$/.test(u.protocol) || !/^(www\.)?(t\.me|telegram\.me)$/.test(u.hostname)) return undefined;
  return u.searchParams.get("start") ?? undefined;
}
