/* The agent's notes as they stood at the playhead, and the hand-over that its context began with. */
(function (pb) {
  "use strict";

  const { el, fill } = pb.dom;
  const { visible } = pb.words;

  /** Lines of `text` that `before` does not have. */
  function newLines(text, before) {
    const old = new Map();
    for (const line of before.split("\n")) old.set(line, (old.get(line) || 0) + 1);
    return text.split("\n").map((line) => {
      const left = old.get(line) || 0;
      old.set(line, left - 1);
      return { line, isNew: left <= 0 };
    });
  }

  class NotesView {
    constructor(state, panel) {
      this.state = state;
      this.panel = panel;
    }

    async update() {
      const { run } = this.state;
      const turn = run.turnAt(this.state.frameOf(run));
      const marks = run.marks.filter((mark) => mark.lane === "notes" && mark.turn <= turn);
      const epoch = run.lastMark("context", turn);
      const key = `${run.place}/${marks.length}/${epoch ? epoch.turn : -1}/${run.marks.length}`;
      if (key === this.key) return;
      this.key = key;
      const all = run.marks.filter((mark) => mark.lane === "notes");
      const [text, before, handover] = await Promise.all([
        this.textOf(run, marks.at(-1), "notes"),
        this.textOf(run, marks.at(-2), "notes"),
        this.textOf(run, epoch, "epoch"),
      ]).catch((error) => [null, null, error.message]);
      if (this.key !== key) return;
      fill(this.panel,
        text === null && !handover && this.empty(run, all),
        text !== null && this.head(run, marks, all),
        text !== null && el("div.paper", {}, newLines(text, before || "").map(({ line, isNew }) =>
          el(isNew && marks.length > 1 ? "p.line.new" : "p.line", {}, visible(line) || "\u00a0",
            isNew && marks.length > 1 && el("span.sr", {}, " (new)")))),
        handover && el("h2", {}, "The hand-over that this context began with"),
        handover && el("div.paper", {}, el("p.handover", {}, visible(handover))));
    }

    /** The text that the last part of a kind holds in a mark's turn. */
    async textOf(run, mark, kind) {
      if (!mark) return null;
      const size = run.header.chunk_turns;
      const told = await run.source.turns(Math.floor(mark.turn / size), run.line);
      const turn = told.turns.find((one) => one.turn === mark.turn);
      const parts = (turn ? turn.parts : told.rest).filter((part) => part.kind === kind);
      const part = parts.at(-1);
      return part ? part.text ?? part.handover : null;
    }

    empty(run, all) {
      if (!all.length) return el("p.empty", {}, "This run has no notes.");
      return el("p.empty", {}, "No notes yet at this moment. ", this.jump(run, all[0], "Go to the first ones"));
    }

    head(run, marks, all) {
      const now = marks.at(-1);
      const older = marks.at(-2);
      const newer = all[marks.length];
      return el("div.notes-head", {},
        el("p", {}, `Version ${marks.length} of ${all.length}, written in turn ${pb.words.count(now.turn + 1)}`,
          el("span.faint", {}, ` (${pb.words.gameTime(now.frame, run.framesPerSecond)})`)),
        el("span.jumps", {}, older && this.jump(run, older, "‹ Older"), newer && this.jump(run, newer, "Newer ›")));
    }

    jump(run, mark, words) {
      return el("button.quiet", { type: "button", onclick: () => this.state.seekIn(run, run.frameOf(mark.turn)) }, words);
    }
  }

  pb.NotesView = NotesView;
})((window.Pokebench = window.Pokebench || {}));
