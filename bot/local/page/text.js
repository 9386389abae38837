// A message's text with its entities, as elements. Offsets are UTF-16 units, which is how JavaScript counts too.

import { el } from "./dom.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };
const SAFE = /^(https?|tg|mailto|tel):/i;
const EMOJI = /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s){1,8}$/u;

/** `deeds.command(text)` and `deeds.start(code)` are what a tapped command or the bot's own start link do. */
export function renderText(text, entities, deeds) {
  const root = el("div", { class: EMOJI.test(text) ? "text huge" : "text", dir: "auto" });
  fill(root, text, 0, text.length, [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length), deeds);
  return root;
}

function fill(parent, text, from, to, entities, deeds) {
  let at = from;
  for (let n = 0; n < entities.length; n += 1) {
    const entity = entities[n];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at) continue;
    parent.append(text.slice(at, entity.offset));
    const inner = entities.slice(n + 1).filter((e) => e.offset < end);
    const made = element(entity, text.slice(entity.offset, end), deeds);
    fill(made, text, entity.offset, end, inner, deeds);
    parent.append(made);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function element(entity, covered, deeds) {
  if (entity.type === "bot_command") {
    return el("button", { type: "button", class: "command", onclick: (event) => { event.stopPropagation(); deeds.command(covered); } });
  }
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url || covered, deeds);
  if (entity.type === "spoiler") {
    return el("span", { class: "spoiler", onclick: (event) => { event.stopPropagation(); event.currentTarget.classList.add("open"); } });
  }
  return el(TAGS[entity.type] || "span");
}

/** A link; one that starts this very bot does so here. */
export function link(url, deeds, ...children) {
  const code = startCode(url, deeds.username);
  if (code !== null) return el("a", { href: `?start=${encodeURIComponent(code)}`, onclick: (event) => { event.preventDefault(); event.stopPropagation(); deeds.start(code); } }, ...children);
  return el("a", { href: SAFE.test(url) ? url : undefined, target: "_blank", rel: "noopener noreferrer", onclick: (event) => event.stopPropagation() }, ...children);
}

function startCode(url, username) {
  const found = /^(?:https?:\/\/)?t\.me\/(\w+)\/?(?:\?(.*))?$/i.exec(url);
  if (!found || found[1].toLowerCase() !== (username || "").toLowerCase()) return null;
  return new URLSearchParams(found[2] || "").get("start") || "";
}
