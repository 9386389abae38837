// The whole page: people beside one another or in tabs, kept true by server-sent events.

import { byId, el, post } from "./dom.js";
import { Chat } from "./chat.js";
import { ClockBar } from "./clock.js";

const LANGUAGES = ["en", "de", "fr", "es", "pt-br", "it", "nl", "pl", "uk", "ru", "tr", "ar", "fa", "hi", "ne", "id", "ja", "zh-hans"];
const names = new Intl.DisplayNames("en", { type: "language" });
const chats = new Map();
const clock = new ClockBar();
let username = "";
let chosen = null;
let waiting = null;
let linkCode = null;

function choose(id) {
  chosen = id;
  for (const [key, chat] of chats) {
    chat.root.classList.toggle("chosen", key === id);
    const tab = byId(`tab-${key}`);
    tab.setAttribute("aria-selected", String(key === id));
    tab.tabIndex = key === id ? 0 : -1;
    if (key === id) tab.classList.remove("unread");
  }
  chats.get(id)?.toEnd(false);
  if (linkCode === null || !chats.has(id)) return;
  chats.get(id).start(linkCode);
  linkCode = null;
}

function meet(person) {
  const chat = new Chat(person, username);
  chats.set(person.id, chat);
  byId("chats").append(chat.root);
  byId("tabs").append(el("button", { type: "button", role: "tab", id: `tab-${person.id}`, "aria-controls": `chat-${person.id}`, onclick: () => choose(person.id) }, person.name));
  return chat;
}

byId("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const keys = [...chats.keys()];
  choose(keys[(keys.indexOf(chosen) + step + keys.length) % keys.length]);
  byId(`tab-${chosen}`).focus();
});

function happened(event) {
  if (event.what === "clock") { clock.set(event.clock); return; }
  const known = chats.get(event.person);
  const chat = known ?? (event.about ? meet(event.about) : null);
  if (!chat) return;
  if (event.message) chat.put(event.message);
  if (event.about && known) chat.update(event.about);
  if (event.what === "deleted") chat.remove(event.id);
  if (event.what === "typing") chat.typing();
  if (event.what === "toast") chat.answered(event);
  if (event.what === "message" && !event.message.mine && event.person !== chosen) byId(`tab-${event.person}`).classList.add("unread");
  if (!known) choose(event.person);
}

async function load() {
  const state = await (await fetch("/page/state")).json();
  username = state.bot.username;
  linkCode = new URLSearchParams(location.search).get("start");
  document.title = `${state.bot.name}, on this machine`;
  byId("about").textContent = state.about;
  byId("about").hidden = !state.about;
  clock.set(state.clock);
  const drafts = new Map([...chats].map(([id, chat]) => [id, chat.composer.field.value]));
  byId("chats").replaceChildren();
  byId("tabs").replaceChildren();
  chats.clear();
  for (const person of state.people) {
    const chat = meet(person);
    for (const message of person.messages) chat.put(message, false);
    chat.composer.write(drafts.get(person.id) ?? "");
  }
  if (!state.people.length) await post("/page/people", { name: "You", language: browserLanguage(), first: true });
  const first = chats.has(chosen) ? chosen : chats.keys().next().value;
  if (first !== undefined) choose(first);
  for (const chat of chats.values()) chat.toEnd(false);
}

const browserLanguage = () => navigator.language.toLowerCase().split("-")[0];

function listen() {
  const events = new EventSource("/page/events");
  events.onopen = async () => {
    waiting = [];
    await load();
    const missed = waiting;
    waiting = null;
    missed.forEach(happened);
    byId("lost").hidden = true;
  };
  events.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (waiting) waiting.push(event);
    else happened(event);
  };
  events.onerror = () => {
    byId("lost").textContent = "The bot’s machine does not answer. Is it still running?";
    byId("lost").hidden = false;
  };
}

function prepareDialogs() {
  const form = byId("new-person-form");
  form.language.append(...LANGUAGES.map((code) => el("option", { value: code }, names.of(code))), el("option", { value: "" }, "not told"));
  byId("add").addEventListener("click", () => { form.reset(); byId("new-person").showModal(); form.elements.name.focus(); });
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
  form.addEventListener("submit", async () => {
    const { id } = await post("/page/people", { name: form.elements.name.value, language: form.language.value });
    if (chats.has(id)) choose(id);
  });
  byId("picture").addEventListener("click", () => byId("picture").close());
}

prepareDialogs();
listen();
