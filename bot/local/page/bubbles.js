// One message as elements: bubble, reaction, inline keyboard.

import { clockTime, el, icon } from "./dom.js";
import { link, renderText } from "./text.js";

/** `chat` gives `person`, `username` and the deeds: `menu(message, event)`, `tap`, `say`, `start`, `look(photo)`, `show(id)`. */
export function messageElement(message, chat) {
  const made = el("div", { class: message.mine ? "message mine" : "message", "data-id": message.id });
  made.append(bubble(message, chat));
  if (message.reaction) {
    made.append(el("span", { class: "reaction", role: "img", "aria-label": `Reaction: ${message.reaction}` }, shown(message.reaction)));
  }
  if (message.buttons.length) made.append(keyboard(message, chat));
  return made;
}

// A lone heart or feather is drawn in colour only with the mark that asks for it.
const shown = (emoji) => ([...emoji].length === 1 ? `${emoji}\ufe0f` : emoji);

function bubble(message, chat) {
  const made = el("article", { class: "bubble", "aria-label": message.mine ? "You wrote" : "The bot wrote", onclick: (event) => onBubble(event, message, chat) });
  if (message.reply) made.append(answered(message.reply, chat));
  if (message.photo) made.append(picture(message, chat));
  if (message.document) made.append(file(message.document));
  if (message.location) made.append(el("div", { class: "text" }, `📍 ${message.location.latitude.toFixed(3)}, ${message.location.longitude.toFixed(3)}`));
  if (message.voice) made.append(el("div", { class: "text" }, "🎤 Voice message, 0:03"));
  if (message.sticker) made.append(el("div", { class: "text huge" }, message.sticker.emoji || "🙂"));
  made.append(meta(message));
  if (message.text) made.lastChild.before(renderText(message.text, message.entities, { command: chat.say, start: chat.start, username: chat.username }));
  if (message.text) made.querySelector(".text").append(made.lastChild);
  made.append(el("button", { type: "button", class: "more", "aria-haspopup": "menu", "aria-label": "What to do with this message", onclick: (event) => { event.stopPropagation(); chat.menu(message, event); } }, icon("down")));
  return made;
}

function onBubble(event, message, chat) {
  const selecting = String(getSelection()).length > 0;
  if (!selecting && !event.target.closest("a, button:not(.more)")) chat.menu(message, event);
}

function meta(message) {
  const moment = new Date(message.date * 1000);
  return el("span", { class: "meta" },
    message.protected ? icon("lock", "Cannot be forwarded") : null,
    message.silent ? icon("bell", "Delivered in silence") : null,
    message.edited ? "edited" : null,
    el("time", { datetime: moment.toISOString() }, clockTime(moment)),
    message.mine ? icon("tick", "Sent") : null);
}

function answered(reply, chat) {
  return el("button", { type: "button", class: "answered", "aria-label": "Show the message this answers", onclick: () => chat.show(reply.id) },
    el("b", {}, reply.mine ? chat.person.name : chat.person.bot), el("span", {}, reply.text));
}

function picture(message, chat) {
  const { file, width, height } = message.photo;
  const words = message.text || "A picture from the chat";
  const image = el("img", { src: fileUrl(file), width, height, alt: words, loading: "lazy" });
  return el("button", { type: "button", class: message.text ? "shot" : "shot alone", "aria-label": `Enlarge: ${words}`, onclick: () => chat.look(fileUrl(file), words) }, image);
}

function file({ file: id, name, size }) {
  return el("a", { class: "file", href: fileUrl(id), download: name }, icon("file"), el("span", {}, name, el("small", {}, bytes(size))));
}

const fileUrl = (id) => `/page/files/${encodeURIComponent(id)}`;

function bytes(size) {
  if (size < 1000) return `${size} bytes`;
  return size < 1e6 ? `${(size / 1e3).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

function keyboard(message, chat) {
  const rows = message.buttons.map((row) => el("div", {}, ...row.map((button) => {
    if (button.url) return link(button.url, { start: chat.start, username: chat.username }, button.text);
    return el("button", { type: "button", onclick: (event) => chat.tap(message, button, event.currentTarget) }, button.text);
  })));
  return el("div", { class: "keyboard", role: "group", "aria-label": "Buttons of this message" }, ...rows);
}
