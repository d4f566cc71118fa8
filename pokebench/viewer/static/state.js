/* What the page shows: which runs, which of them leads, on what clock. Touches no page. */
(function (pb) {
  "use strict";

  class State {
    constructor(runs) {
      this.runs = runs;
      this.run = runs[0];
      this.nameRuns();
      this.clock = "game";
      this.lock = "frames";
      const state = this;
      this.playhead = new (class extends pb.Playhead {
        get limit() {
          if (state.lock !== "frames") return this.run.lastFrame;
          return Math.max(...runs.map((run) => run.lastFrame));
        }
      })(this.run);
    }

    /** Runs of the same agent are told apart by their seeds, their folders, or at last their places. */
    nameRuns() {
      const alike = (run, of) => this.runs.filter((other) => of(other) === of(run)).length > 1;
      const title = (run) => run.header.agent.title;
      const seeded = (run) => `${title(run)}, seed ${run.header.seed}`;
      for (const run of this.runs) {
        if (!alike(run, title)) run.name = title(run);
        else run.name = alike(run, seeded) ? `${title(run)}, ${run.header.name}` : seeded(run);
      }
      for (const run of this.runs.filter((one) => alike(one, (other) => other.name))) {
        run.number = run.place + 1;
      }
      for (const run of this.runs) {
        if (run.number) run.name += ` (${run.number})`;
      }
    }

    /** The frame at which a run stands now. */
    frameOf(run) {
      return run.within(pb.race.frameFor(this.lock, this.run, run, this.playhead.frame));
    }

    /** Lets another run lead, where it stands. */
    pick(run) {
      if (run === this.run) return;
      const frame = this.frameOf(run);
      this.run = run;
      this.playhead.run = run;
      this.playhead.seek(frame, { keepsLive: true });
      this.playhead.tell("pick");
    }

    seekIn(run, frame) {
      this.pick(run);
      this.playhead.seek(frame);
    }

    /** Clocks that moved in any run. */
    clocks() {
      const used = new Set(this.runs.flatMap((run) => run.clocksInUse().map((clock) => clock.id)));
      return pb.CLOCKS.filter((clock) => used.has(clock.id) || clock.id === "game");
    }

    /** A value of a clock, in words. */
    clockWords(clock, value) {
      if (clock === "game") return pb.words.gameTime(value, this.run.framesPerSecond);
      if (clock === "wall") return pb.words.clockTime(value);
      if (clock === "usd") return pb.words.dollars(value);
      return pb.words.shortCount(value);
    }

    /** Where the playhead is, for who listens. */
    momentWords() {
      const { run } = this;
      const frame = this.frameOf(run);
      const time = pb.words.gameTime(frame, run.framesPerSecond);
      const whole = pb.words.gameTime(run.lastFrame, run.framesPerSecond);
      return `${time} of ${whole}, turn ${run.turnAt(frame) + 1} of ${run.turnCount}, `
        + `${run.reachedAt(frame)} of ${run.header.milestones.length} milestones`;
    }
  }

  pb.State = State;
})((window.Pokebench = window.Pokebench || {}));
