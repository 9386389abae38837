// Small tools to build elements and to speak to the server. Nothing here ever takes HTML from a message.

const ICONS = {
  bell: "M5 5l14 14M8 6a6 6 0 0 1 10 4c0 3 .6 4.6 1.4 6M15 17H5c1-1 2-3 2-7M10 20a2 2 0 0 0 4 0",
  tick: "M4 13l5 5L20 6",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  send: "M4 12h15M13 5l7 7-7 7",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.5 17a1.7 1.7 0 0 1-2.4-2.4L14.5 7",
  dots: "M12 5v.01M12 12v.01M12 19v.01",
  down: "M6 9l6 6 6-6",
  keys: "M4 6h16v12H4zM8 10v.01M12 10v.01M16 10v.01M8 14h8",
  file: "M12 4v12M6 11l6 6 6-6M5 20h14",
  close: "M6 6l12 12M18 6L6 18",
};

export function icon(name, words = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute(words ? "aria-label" : "aria-hidden", words || "true");
  if (words) {
    svg.setAttribute("role", "img");
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = words;
    svg.append(title);
  }
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Send JSON; the answer as JSON. Throws an Error with the server's words. */
export async function post(path, body = {}) {
  const json = !(body instanceof Blob);
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": json ? "application/json" : "application/octet-stream" },
    body: json ? JSON.stringify(body) : body,
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const format = (options) => {
  const made = new Intl.DateTimeFormat("en-GB", options);
  return (moment) => made.format(moment);
};
export const clockTime = format({ hour: "2-digit", minute: "2-digit" });
const longDay = format({ weekday: "long" });
const shortDay = format({ weekday: "short" });
const longDate = format({ day: "numeric", month: "long" });
const shortDate = format({ day: "numeric", month: "short" });
export const dayWords = (moment) => `${longDay(moment)}, ${longDate(moment)}`;
export const momentWords = (moment) => `${shortDay(moment)} ${shortDate(moment)}, ${clockTime(moment)}`;

/** A menu at a point of the screen; closes itself. `items` are [words, deed]. */
export function openMenu(items, x, y) {
  const menu = el("div", { class: "menu", role: "menu", popover: "auto" });
  for (const [words, deed] of items) {
    menu.append(el("button", { type: "button", role: "menuitem", onclick: () => { menu.hidePopover(); deed(); } }, words));
  }
  const buttons = [...menu.children];
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
  });
  menu.addEventListener("toggle", (event) => { if (event.newState === "closed") menu.remove(); });
  document.body.append(menu);
  menu.showPopover();
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(6, Math.min(x, innerWidth - width - 6))}px`;
  menu.style.top = `${Math.max(6, Math.min(y, innerHeight - height - 6))}px`;
  buttons[0].focus();
}
