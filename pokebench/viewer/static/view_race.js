/* Several runs: how each stands against the one that is picked, and what they are locked on. */
(function (pb) {
  "use strict";

  const { el, fill, say, at } = pb.dom;

  class RaceView {
    constructor(state) {
      this.state = state;
      this.cells = new Map();
      this.box = at("race");
      if (state.runs.length < 2) return;
      this.box.hidden = false;
      this.lock = el("select", { id: "lock", onchange: () => this.setLock(this.lock.value) },
        pb.race.locksFor(state.runs).map((lock) => el("option", { value: lock.id }, lock.title)));
      const rows = state.runs.map((run) => {
        const [by, milestone] = [el("span"), el("span.at-milestone")];
        const delta = { by, at: milestone, cell: el("td", {}, by, milestone) };
        const cells = ["milestones", "time", "turns", "money"].map(() => el("td"));
        this.cells.set(run, [...cells, delta]);
        return el("tr", {}, el("th", { scope: "row" }, el("span.run-name", {}, el(`i.swatch.run-${run.place}`), pb.words.visible(run.name))), cells, delta.cell);
      });
      fill(this.box,
        el("label.lock", { for: "lock" }, "Side by side by ", this.lock),
        el("table.standings", {}, el("caption.sr", {}, "How the runs stand now"),
          el("thead", {}, el("tr", {}, ["Run", "Milestones", "Game time", "Turn", "Dollars", "Against the picked run"].map((head) => el("th", { scope: "col" }, head)))),
          el("tbody", {}, rows)));
    }

    setLock(lock) {
      const frame = this.state.playhead.frame;
      this.state.lock = lock;
      if (this.lock) this.lock.value = lock;
      this.state.playhead.seek(frame, { keepsLive: true });
    }

    update() {
      const leader = this.state.run;
      for (const [run, [reached, time, turn, money, delta]] of this.cells) {
        const frame = this.state.frameOf(run);
        say(reached, `${run.reachedAt(frame)} of ${run.header.milestones.length}`);
        say(time, pb.words.gameTime(frame, run.framesPerSecond));
        say(turn, pb.words.count(run.turnAt(frame) + 1));
        say(money, run.endValue("usd") > 0 ? pb.words.dollars(run.value("usd", frame)) : "–");
        const against = run === leader ? null : pb.race.delta(leader, run, this.state.frameOf(leader), frame);
        say(delta.by, run === leader ? "picked" : against ? pb.words.signedTime(against.seconds) : "–");
        say(delta.at, against ? ` at ${pb.words.visible(run.title(against.id))}` : "");
        const isEven = !against || Math.abs(against.seconds) < 1;
        delta.cell.className = isEven ? "faint" : against.seconds > 0 ? "behind" : "ahead-of";
      }
    }
  }

  pb.RaceView = RaceView;
})((window.Pokebench = window.Pokebench || {}));
