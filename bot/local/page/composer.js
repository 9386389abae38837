// Where a person writes: the field, the command menu, what to attach, the reply keyboard, Start and Unblock.

import { byId, el, icon, openMenu } from "./dom.js";

const PLACES = [["Berlin", 52.52, 13.405], ["Lisbon", 38.722, -9.139], ["São Paulo", -23.55, -46.633], ["Kathmandu", 27.717, 85.324], ["Nuuk", 64.175, -51.739], ["Lord Howe Island", -31.553, 159.082]];

export class Composer {
  /** `chat` gives `person` and `act(deed, body)`, `sendFile(file, caption)`, `lastOwn()`, `pendingStart`. */
  constructor(chat) {
    this.chat = chat;
    this.mode = null;
    this.chosen = 0;
    this.field = el("textarea", { rows: 1, placeholder: "Message", "aria-label": "Message", enterkeyhint: "send", dir: "auto" });
    this.commandsButton = el("button", { type: "button", class: "commands-button", "aria-label": "Commands", "aria-expanded": "false", onclick: () => this.toggleCommands() }, "Menu");
    this.keysButton = el("button", { type: "button", class: "round", "aria-label": "Show or hide the bot’s keys", onclick: () => this.toggleKeys() }, icon("keys"));
    this.input = el("input", { type: "file", hidden: true, "aria-hidden": "true", tabindex: -1 });
    this.attach = el("button", { type: "button", class: "round", "aria-label": "Attach", "aria-haspopup": "menu", onclick: (event) => this.openAttach(event) }, icon("clip"));
    this.send = el("button", { type: "submit", class: "round send", "aria-label": "Send" }, icon("send"));
    this.form = el("form", { class: "composer" }, this.commandsButton, this.field, this.input, this.keysButton, this.attach, this.send);
    this.commands = el("div", { class: "commands", role: "listbox", "aria-label": "Commands", hidden: true });
    this.aboutTo = el("div", { class: "about-to", hidden: true });
    this.keys = el("div", { class: "keys", role: "group", "aria-label": "Keys" });
    this.start = el("button", { type: "button", class: "primary big", onclick: () => this.pressStart() }, "Start");
    this.unblock = el("button", { type: "button", class: "big", onclick: () => chat.act("unblock") }, "Unblock the bot");
    this.root = el("div", { class: "below" }, this.commands, this.aboutTo, this.form, this.keys, this.start, this.unblock);
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("change", () => {
      if (this.input.files.length) this.chat.sendFile(this.input.files[0], this.field.value.trim());
      this.input.value = "";
      this.write("");
    });
  }

  update() {
    const { person, pendingStart } = this.chat;
    const starting = !person.blocked && (!person.started || pendingStart !== null);
    this.start.hidden = !starting;
    this.unblock.hidden = !person.blocked;
    this.form.hidden = starting || person.blocked;
    this.commandsButton.hidden = !person.commands.length;
    this.updateKeys(starting || person.blocked);
    this.changed();
  }

  updateKeys(away) {
    const rows = (this.chat.person.keyboard || {}).keyboard || [];
    const drawn = JSON.stringify(rows);
    if (drawn !== this.drawnKeys) {
      this.drawnKeys = drawn;
      this.hiddenKeys = false;
      this.keys.replaceChildren(...rows.map((row) => el("div", {}, ...row.map((key) => this.key(key)))));
    }
    this.keysButton.hidden = !rows.length;
    this.keys.hidden = away || !rows.length || this.hiddenKeys;
    this.field.placeholder = (rows.length && this.chat.person.keyboard.input_field_placeholder) || "Message";
  }

  key(key) {
    const label = typeof key === "string" ? key : key.text;
    const deed = key.request_location ? () => this.askPlace() : () => this.chat.act("press", { label });
    return el("button", { type: "button", onclick: deed }, label);
  }

  toggleKeys() {
    this.hiddenKeys = !this.hiddenKeys;
    this.updateKeys(false);
  }

  pressStart() {
    this.chat.act("start", { code: this.chat.pendingStart || "" });
    this.chat.started();
  }

  changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 130)}px`;
    this.send.hidden = !this.field.value.trim();
    this.attach.hidden = !this.send.hidden;
    const typed = this.field.value;
    this.showCommands(typed.startsWith("/") && !typed.includes(" ") && !typed.includes("\n") ? typed.slice(1).toLowerCase() : null);
  }

  showCommands(beginning) {
    const fitting = beginning === null || this.form.hidden ? [] : this.chat.person.commands.filter((c) => c.command.startsWith(beginning));
    this.commands.hidden = !fitting.length;
    this.commandsButton.setAttribute("aria-expanded", String(!this.commands.hidden));
    this.chosen = 0;
    this.commands.replaceChildren(...fitting.map((c, n) => el("button", { type: "button", role: "option", "aria-selected": String(n === 0), onclick: () => this.command(c.command) }, el("b", {}, `/${c.command}`), el("span", {}, c.description))));
  }

  toggleCommands() {
    const opening = this.commands.hidden;
    this.showCommands(opening ? "" : null);
    if (opening && !this.commands.hidden) this.commands.firstChild.focus();
  }

  command(name) {
    this.showCommands(null);
    this.write("");
    this.chat.act("say", { text: `/${name}` });
  }

  onKey(event) {
    const list = [...this.commands.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!this.commands.hidden && step) {
      event.preventDefault();
      this.chosen = (this.chosen + step + list.length) % list.length;
      list.forEach((one, n) => one.setAttribute("aria-selected", String(n === this.chosen)));
      list[this.chosen].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Escape") {
      this.showCommands(null);
      this.cancel();
    } else if (event.key === "ArrowUp" && !this.field.value && this.chat.lastOwn()) {
      event.preventDefault();
      this.begin("edit", this.chat.lastOwn());
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (this.commands.hidden) this.submit();
      else list[this.chosen].click();
    }
  }

  submit() {
    const text = this.field.value.trim();
    if (!text) return;
    if (this.mode && this.mode.kind === "edit") this.chat.act("edit", { message_id: this.mode.message.id, text });
    else this.chat.act("say", { text, reply_to: this.mode ? this.mode.message.id : undefined });
    this.cancel();
    this.write("");
  }

  /** Begin to `reply` to or `edit` a message. */
  begin(kind, message) {
    this.mode = { kind, message };
    const words = message.text || "Picture or file";
    this.aboutTo.replaceChildren(
      el("p", {}, el("b", {}, kind === "edit" ? "Edit message" : `Reply to ${message.mine ? this.chat.person.name : this.chat.person.bot}`), words),
      el("button", { type: "button", class: "round", "aria-label": "Do not", onclick: () => { this.cancel(); this.write(""); } }, icon("close")));
    this.aboutTo.hidden = false;
    if (kind === "edit") this.write(message.text);
    this.field.focus();
  }

  cancel() {
    if (this.mode && this.mode.kind === "edit") this.write("");
    this.mode = null;
    this.aboutTo.hidden = true;
  }

  write(text) {
    this.field.value = text;
    this.changed();
  }

  openAttach(event) {
    const place = event.currentTarget.getBoundingClientRect();
    openMenu([
      ["Picture or file", () => this.input.click()],
      ["Voice message", () => this.chat.act("voice")],
      ["Sticker", () => this.chat.act("sticker")],
      ["Place", () => this.askPlace()],
    ], place.right - 176, place.top - 190);
  }

  askPlace() {
    const dialog = byId("places");
    const share = (latitude, longitude) => { dialog.close(); this.chat.act("location", { latitude, longitude }); };
    const buttons = PLACES.map(([name, latitude, longitude]) => el("button", { type: "button", onclick: () => share(latitude, longitude) }, name));
    const here = el("button", { type: "button", onclick: () => navigator.geolocation.getCurrentPosition((at) => share(at.coords.latitude, at.coords.longitude), () => { here.textContent = "This browser does not tell where it is"; }) }, "Where this browser is");
    byId("places-list").replaceChildren(...buttons, here);
    dialog.showModal();
  }
}
