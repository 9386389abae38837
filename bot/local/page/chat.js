// One person's chat with the bot.

import { byId, dayWords, el, icon, openMenu, post } from "./dom.js";
import { messageElement } from "./bubbles.js";
import { Composer } from "./composer.js";

export class Chat {
  constructor(person, username) {
    this.person = person;
    this.username = username;
    this.messages = new Map();
    this.pendingStart = null;
    this.answeredTaps = new Map();
    this.say = (text) => this.act("say", { text });
    this.start = (code) => { this.pendingStart = code; this.composer.update(); };
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": `Messages of ${person.name}`, tabindex: 0 });
    this.title = el("h2");
    this.subtitle = el("p");
    this.down = el("button", { type: "button", class: "round down", "aria-label": "To the newest message", hidden: true, onclick: () => this.toEnd(true) }, icon("down"));
    this.floats = el("div", { class: "floats" }, this.down);
    this.composer = new Composer(this);
    this.root = el("section", { class: "chat", id: `chat-${person.id}`, "aria-label": `${person.name}’s chat` },
      el("header", { class: "top" }, this.face = el("span", { class: "face", "aria-hidden": "true" }), el("div", {}, this.title, this.subtitle),
        el("button", { type: "button", class: "round", "aria-label": "What to do in this chat", "aria-haspopup": "menu", onclick: (event) => this.chatMenu(event) }, icon("dots"))),
      this.log, this.floats, this.composer.root);
    this.log.addEventListener("scroll", () => { this.down.hidden = this.atEnd(120); });
    this.update(person);
  }

  /** The person, their keyboard or the bot's profile is another now. */
  update(person) {
    this.person = person;
    this.title.textContent = person.bot;
    this.face.textContent = person.bot.slice(0, 1);
    this.subtitle.textContent = ["bot", person.name, person.language && languageName(person.language)].filter(Boolean).join(" · ");
    this.composer.update();
    this.intro();
  }

  intro() {
    this.log.querySelector(".intro")?.remove();
    if (this.messages.size) return;
    const words = this.person.description || "Press Start to begin.";
    this.log.append(el("div", { class: "intro" }, el("b", {}, `What is ${this.person.bot}?`), el("p", { dir: "auto" }, words)));
  }

  /** Show a new message, or an old one as it is now. */
  put(message, fresh = true) {
    this.log.querySelector(".intro")?.remove();
    const follow = this.atEnd(160) || message.mine;
    const made = messageElement(message, this);
    const old = this.messages.get(message.id);
    this.messages.set(message.id, message);
    if (old) {
      this.find(message.id)?.replaceWith(made);
    } else {
      this.separate(message);
      this.date.append(made);
      if (fresh) made.classList.add("fresh");
      if (!message.mine) this.stopTyping();
    }
    if (follow) this.toEnd(false);
    made.querySelector("img")?.addEventListener("load", () => { if (follow) this.toEnd(false); });
  }

  separate(message) {
    const day = dayWords(new Date(message.date * 1000));
    if (day === this.lastDay) return;
    this.lastDay = day;
    this.date = el("div", { class: "date" }, el("div", { class: "day" }, day));
    this.log.append(this.date);
  }

  remove(id) {
    this.messages.delete(id);
    const gone = this.find(id);
    const date = gone?.parentElement;
    gone?.remove();
    if (date?.children.length === 1) {
      date.remove();
      this.date = this.log.querySelector(".date:last-of-type");
      this.lastDay = this.date?.firstChild.textContent;
    }
    this.intro();
  }

  find(id) { return this.log.querySelector(`[data-id="${id}"]`); }

  lastOwn() { return [...this.messages.values()].filter((m) => m.mine && m.text && !m.photo && !m.document).at(-1); }

  atEnd(slack) { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < slack; }

  toEnd(smooth) { this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth ? "smooth" : "instant" }); }

  show(id) {
    const found = this.find(id);
    if (!found) return;
    found.scrollIntoView({ block: "center", behavior: "smooth" });
    found.classList.remove("flash");
    requestAnimationFrame(() => found.classList.add("flash"));
  }

  typing() {
    this.stopTyping();
    this.dots = el("div", { class: "message typing", role: "img", "aria-label": "The bot is typing" }, el("div", { class: "bubble" }, el("i"), el("i"), el("i")));
    const follow = this.atEnd(160);
    this.log.append(this.dots);
    if (follow) this.toEnd(false);
    this.dotsEnd = setTimeout(() => this.stopTyping(), 5000);
  }

  stopTyping() {
    clearTimeout(this.dotsEnd);
    this.dots?.remove();
    this.dots = null;
  }

  async tap(message, button, element) {
    if (button.copy_text) { await navigator.clipboard?.writeText(button.copy_text.text); return this.toast("Copied"); }
    if (!button.callback_data) return this.toast("This kind of button does nothing here");
    element.setAttribute("aria-busy", "true");
    const rest = () => element.removeAttribute("aria-busy");
    setTimeout(rest, 15000);
    const answer = await this.act("tap", { message_id: message.id, data: button.callback_data });
    if (!answer || this.answeredTaps.get(answer.result) === true) rest();
    else this.answeredTaps.set(answer.result, rest);
  }

  /** The bot answered a tap. */
  answered({ query, text, alert }) {
    const rest = this.answeredTaps.get(query);
    if (typeof rest === "function") rest();
    this.answeredTaps.set(query, true);
    if (!text) return;
    if (!alert) { this.toast(text); return; }
    byId("alert-words").textContent = text;
    if (!byId("alert").open) byId("alert").showModal();
  }

  toast(words) {
    this.floats.querySelector(".toast")?.remove();
    const shown = el("div", { class: "toast", role: "status", dir: "auto" }, words);
    this.floats.append(shown);
    setTimeout(() => shown.remove(), 3500);
  }

  look(source, words) {
    byId("picture-image").src = source;
    byId("picture-image").alt = words;
    byId("picture").showModal();
  }

  menu(message, event) {
    const items = [["Reply", () => this.composer.begin("reply", message)]];
    if (message.mine && message.text && !message.photo && !message.document) items.push(["Edit", () => this.composer.begin("edit", message)]);
    if (message.text) items.push(["Copy text", () => navigator.clipboard?.writeText(message.text)]);
    items.push(["Delete", () => this.act("forget", { message_id: message.id })]);
    if (this.person.blocked || !this.person.started) items.shift();
    const box = event.currentTarget.getBoundingClientRect();
    openMenu(items, event.clientX || box.left, event.clientY || box.bottom);
  }

  chatMenu(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const block = this.person.blocked ? ["Unblock the bot", () => this.act("unblock")] : ["Block the bot", () => this.act("block")];
    openMenu([block, ["Copy a link to the bot", () => navigator.clipboard?.writeText(`https://t.me/${this.username}`)]], box.right - 190, box.bottom);
  }

  started() {
    this.pendingStart = null;
    if (location.search) history.replaceState(null, "", location.pathname);
    this.composer.update();
  }

  async sendFile(file, caption) {
    const query = new URLSearchParams({ name: file.name, caption });
    return this.tell(() => post(`/page/people/${this.person.id}/file?${query}`, file.slice()));
  }

  async act(deed, body = {}) {
    return this.tell(() => post(`/page/people/${this.person.id}/${deed}`, body));
  }

  async tell(deed) {
    try {
      return await deed();
    } catch (problem) {
      this.toast(problem.message);
      return null;
    }
  }
}

const names = new Intl.DisplayNames("en", { type: "language" });
const languageName = (code) => names.of(code) ?? code;
