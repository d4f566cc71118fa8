/* Milestones as splits: when each was reached, by every clock, and who was ahead. */
(function (pb) {
  "use strict";

  const { el, fill } = pb.dom;
  const { visible } = pb.words;

  class MilestonesView {
    constructor(state, panel) {
      this.state = state;
      this.panel = panel;
    }

    update() {
      const { runs, run } = this.state;
      const frame = this.state.frameOf(run);
      const key = `${run.place}/${run.reachedAt(frame)}/${runs.map((r) => r.milestones.length)}`;
      if (key === this.key) return;
      this.key = key;
      fill(this.panel, runs.length > 1 ? this.race() : this.splits(run));
      this.panel.querySelector("tr.latest")?.scrollIntoView({ block: "nearest" });
    }

    /** One run: time, split, and what it took. */
    splits(run) {
      const hasModel = run.endValue("tokens") > 0;
      const reached = run.reachedAt(this.state.frameOf(run));
      const heads = ["Milestone", "Game time", "Split", "Turns", hasModel && "Tokens", hasModel && "Dollars"];
      let before = run.firstFrame;
      const rows = run.milestones.map((milestone, index) => {
        const { clocks } = milestone;
        const split = (clocks.frames - before) / run.framesPerSecond;
        before = clocks.frames;
        const kind = index === reached - 1 ? "tr.latest" : index < reached ? "tr" : "tr.ahead";
        return el(kind, index === reached - 1 ? { "aria-current": "true" } : {},
          el("th", { scope: "row" }, this.jump(run, milestone)),
          el("td", {}, pb.words.gameTime(clocks.frames, run.framesPerSecond)),
          el("td.faint", {}, pb.words.signedTime(split)),
          el("td", {}, pb.words.count(clocks.turns)),
          hasModel && el("td", {}, pb.words.shortCount(pb.Run.valueOf("tokens", clocks))),
          hasModel && el("td", {}, pb.words.dollars(pb.Run.valueOf("usd", clocks))));
      });
      return this.table(heads, [...rows, ...this.missing(run, heads.filter(Boolean).length)]);
    }

    missing(run, columns) {
      const reached = new Set(run.milestones.map((m) => m.id));
      return run.header.milestones.filter((m) => !reached.has(m.id)).map((m) =>
        el("tr.never", {}, el("th", { scope: "row" }, visible(m.title)), el("td", { colspan: columns - 1 }, "not reached")));
    }

    /** Several runs: everybody's time, and how far behind the picked run. */
    race() {
      const { runs, run } = this.state;
      const rows = run.header.milestones.map((milestone) => {
        const own = run.milestones.find((m) => m.id === milestone.id);
        return el("tr", {}, el("th", { scope: "row" }, own ? this.jump(run, own) : visible(run.title(milestone.id))),
          runs.map((other) => {
            const found = other.milestones.find((m) => m.id === milestone.id);
            if (!found) return el("td.faint", {}, "–");
            const seconds = own ? (found.clocks.frames - own.clocks.frames) / run.framesPerSecond : null;
            const delta = other !== run && seconds !== null
              && el(Math.abs(seconds) < 1 ? "span.even" : seconds > 0 ? "span.behind" : "span.ahead-of", {}, pb.words.signedTime(seconds));
            return el("td", {}, pb.words.gameTime(found.clocks.frames, other.framesPerSecond), delta);
          }));
      });
      const names = runs.map((other) => el("span.run-name", {}, el(`i.swatch.run-${other.place}`), visible(other.name)));
      return this.table(["Milestone", ...names], rows);
    }

    table(heads, rows) {
      return el("table.splits", {},
        el("caption.sr", {}, "Milestones; each name jumps to its moment"),
        el("thead", {}, el("tr", {}, heads.filter(Boolean).map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, rows));
    }

    jump(run, milestone) {
      return el("button.jump", { type: "button", onclick: () => this.state.seekIn(run, milestone.clocks.frames) },
        visible(run.title(milestone.id)));
    }
  }

  pb.MilestonesView = MilestonesView;
})((window.Pokebench = window.Pokebench || {}));
