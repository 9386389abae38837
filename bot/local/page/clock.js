// The bot's clock: shown running, and moved on by four buttons. Targets are reckoned in the browser's zone.

import { byId, momentWords, post } from "./dom.js";

const HOUR = 3600 * 1000;

/** The next moment, strictly later than `now`, when this browser's clock shows `hour`. */
export function nextHour(now, hour) {
  const then = new Date(now);
  then.setHours(hour, 0, 0, 0);
  if (then <= now) then.setDate(then.getDate() + 1);
  then.setHours(hour, 0, 0, 0);
  return then;
}

/** The next Sunday at `hour`, strictly later than `now`. */
export function nextSunday(now, hour) {
  const then = new Date(now);
  then.setDate(then.getDate() + ((7 - then.getDay()) % 7));
  then.setHours(hour, 0, 0, 0);
  if (then <= now) then.setDate(then.getDate() + 7);
  then.setHours(hour, 0, 0, 0);
  return then;
}

const TARGETS = {
  hour: (now) => new Date(now.getTime() + HOUR),
  evening: (now) => nextHour(now, 21),
  morning: (now) => nextHour(now, 9),
  week: (now) => nextSunday(now, 21),
};

export class ClockBar {
  constructor() {
    this.buttons = [...document.querySelectorAll("[data-move]")];
    for (const button of this.buttons) button.addEventListener("click", () => this.move(button.dataset.move));
    setInterval(() => this.draw(), 1000);
  }

  now() { return new Date(this.standing ? this.at : this.at + (Date.now() - this.since)); }

  /** What the server says of the clock. */
  set({ now, standing, from, to }) {
    Object.assign(this, { at: now, since: Date.now(), standing, from, to });
    this.draw();
  }

  draw() {
    if (this.at === undefined) return;
    const now = this.now();
    byId("now").textContent = momentWords(now);
    byId("now").setAttribute("datetime", now.toISOString());
    const travelling = this.to !== undefined;
    for (const button of this.buttons) {
      button.disabled = travelling;
      button.title = `to ${momentWords(TARGETS[button.dataset.move](now))}`;
    }
    byId("journey").hidden = !travelling;
    if (!travelling) return;
    const words = `On the way to ${momentWords(new Date(this.to))} …`;
    if (byId("journey-words").textContent !== words) byId("journey-words").textContent = words;
    byId("journey-bar").value = (this.at - this.from) / Math.max(1, this.to - this.from);
  }

  async move(where) {
    for (const button of this.buttons) button.disabled = true;
    try {
      // Where the clock is now comes with the events only, in their order.
      await post("/page/clock", { to: TARGETS[where](this.now()).getTime() });
    } catch {
      this.draw();
    }
  }
}
