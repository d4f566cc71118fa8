/* The events of a turn as they stand in the record. */
(function (pb) {
  "use strict";

  const { el, fill } = pb.dom;
  const { visible } = pb.words;
  const MOST_LINES = 30;
  const FIRST_CHARACTERS = 6000;
  const MOST_CHARACTERS = 400000;

  function pretty(text) {
    if (text.length > MOST_CHARACTERS) return text;
    try {
      return JSON.stringify(JSON.parse(text), null, 1);
    } catch {
      return text;
    }
  }

  class RawView {
    constructor(state, panel) {
      this.state = state;
      this.panel = panel;
    }

    async update() {
      const { run } = this.state;
      const turn = Math.max(run.turnAt(this.state.frameOf(run)), 0);
      const key = `${run.place}/${turn}`;
      if (key === this.key) return;
      this.key = key;
      const size = run.header.chunk_turns;
      try {
        const told = await run.source.turns(Math.floor(turn / size), run.line);
        const found = told.turns.find((one) => one.turn === turn);
        const numbers = found ? Array.from({ length: Math.min(found.lines, MOST_LINES) }, (_, i) => found.line + i) : [];
        const lines = await Promise.all(numbers.map((number) => run.source.raw(number)));
        if (this.key !== key) return;
        fill(this.panel, el("p.faint", {}, `Turn ${pb.words.count(turn + 1)}, lines of events.jsonl`),
          lines.map((text, i) => this.event(numbers[i], text)));
      } catch (error) {
        this.key = null;
        fill(this.panel, el("p.notice.bad", {}, visible(error.message)));
      }
    }

    event(number, text) {
      const whole = pretty(text);
      const words = el("pre.raw", { tabindex: 0, "aria-label": `Line ${number}` }, visible(whole.slice(0, FIRST_CHARACTERS)));
      const left = whole.length - FIRST_CHARACTERS;
      const more = left > 0 && el("button.more", { type: "button", onclick: () => {
        words.textContent = visible(whole.slice(0, MOST_CHARACTERS));
        if (whole.length > MOST_CHARACTERS) words.append(`\n[… and ${pb.words.count(whole.length - MOST_CHARACTERS)} more characters in the file]`);
        more.remove();
      } }, `Show ${pb.words.count(left)} more characters`);
      return el("div.event", {}, el("span.line-number", {}, String(number)), words, more);
    }
  }

  pb.RawView = RawView;
})((window.Pokebench = window.Pokebench || {}));
