/* One run: what the story told of it, and how its clocks map on each other. Touches no page. */
(function (pb) {
  "use strict";

  const TOKENS = ["tokens_in", "tokens_cache_read", "tokens_cache_write", "tokens_out"];

  /* Every clock a curve can be drawn over. `of` reads it from a milestone's clocks. */
  const CLOCKS = [
    { id: "game", title: "Game time" },
    { id: "turns", title: "Turns" },
    { id: "calls", title: "Model calls" },
    { id: "tokens", title: "Tokens" },
    { id: "tokens_out", title: "Output tokens" },
    { id: "usd", title: "Dollars" },
    { id: "wall", title: "Wall clock" },
  ];

  /** The number of values that are at most `value`; `values` never fall. */
  function upperBound(values, value) {
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  class Run {
    /** `place` is the run's number on this page; `source` hands out the rest of it. */
    constructor(place, told, source) {
      this.place = place;
      this.source = source;
      this.header = told.header;
      this.simulation = told.simulation;
      this.columns = {};
      for (const name of this.header.columns) this.columns[name] = [];
      this.columns.tokens = [];
      this.actions = [];
      this.milestones = [];
      this.marks = [];
      this.battles = [];
      this.line = 0;
      this.name = this.header.agent.title;
      this.titles = new Map(this.header.milestones.map((m) => [m.id, m.title]));
      this.framesPerSecond = this.header.frames_per_second;
      this.grow(told.growth);
    }

    /** Takes in what was recorded since. */
    grow(growth) {
      if (growth.after > this.line) return false;
      const from = growth.first_turn;
      const given = growth.turns;
      for (const [name, column] of Object.entries(this.columns)) {
        if (name === "tokens") continue; // summed below
        column.length = from;
        for (const value of given[name]) column.push(value);
      }
      this.columns.tokens.length = from;
      this.actions.length = from;
      for (const letters of growth.actions) this.actions.push(letters);
      for (let i = from; i < this.columns.frame.length; i += 1) {
        this.columns.tokens.push(TOKENS.reduce((sum, name) => sum + this.columns[name][i], 0));
      }
      const known = growth.after ? this.line > growth.after : false;
      if (!growth.after) {
        this.milestones = [];
        this.marks = [];
      }
      if (!known) {
        this.milestones.push(...growth.milestones);
        this.marks.push(...growth.marks);
      }
      this.line = growth.line;
      this.firstFrame = growth.first_frame;
      this.lastFrame = growth.last_frame;
      this.clocks = growth.clocks;
      this.status = growth.status;
      this.grewAt = Date.now() - 1000 * (growth.status.quiet_s || 0);
      this.head = growth.head;
      this.hasUnknownPrices = growth.has_unknown_prices;
      return true;
    }

    get turnCount() {
      return this.columns.frame.length;
    }

    /** Seconds for which a run without an end has recorded nothing; for display only. */
    get quietSeconds() {
      const hasEnd = this.status.is_over || this.status.reason || this.status.fault;
      return hasEnd ? 0 : Math.max((Date.now() - this.grewAt) / 1000, 0);
    }

    get hasModel() {
      return this.clocks.calls > 0 || Boolean(this.header.agent.model);
    }

    /** The turn under way at a frame: the last one that began at or before it, or −1. */
    turnAt(frame) {
      return upperBound(this.columns.frame, frame) - 1;
    }

    /** The frame before a turn; the last frame for what comes after all of them. */
    frameOf(turn) {
      if (turn < 0) return this.firstFrame;
      return turn < this.turnCount ? this.columns.frame[turn] : this.lastFrame;
    }

    /** What the clock shows at a frame. */
    value(clock, frame) {
      if (clock === "game") return frame;
      const turn = this.turnAt(frame);
      if (clock === "turns") return turn + 1;
      if (turn < 0) return 0;
      if (turn === this.turnCount - 1 && frame >= this.lastFrame) return this.endValue(clock);
      if (clock === "usd") return this.columns.usd[turn] + this.columns.usd_uncertain[turn];
      return this.columns[clock][turn];
    }

    /** What the clock shows at the end of what is known. */
    endValue(clock) {
      return Run.valueOf(clock, this.clocks);
    }

    static valueOf(clock, clocks) {
      if (clock === "game") return clocks.frames;
      if (clock === "tokens") return TOKENS.reduce((sum, name) => sum + clocks[name], 0);
      if (clock === "usd") return clocks.usd_known + clocks.usd_uncertain;
      if (clock === "wall") return clocks.wall_s;
      return clocks[clock];
    }

    /** The first frame at which the clock shows at least `value`. */
    frameAt(clock, value) {
      if (clock === "game") return this.within(Math.round(value));
      if (clock === "turns") return this.frameOf(Math.max(Math.ceil(value) - 1, 0));
      let low = 0;
      let high = this.turnCount;
      while (low < high) {
        const middle = (low + high) >> 1;
        const at = clock === "usd"
          ? this.columns.usd[middle] + this.columns.usd_uncertain[middle]
          : this.columns[clock][middle];
        if (at >= value) high = middle;
        else low = middle + 1;
      }
      return this.frameOf(low);
    }

    within(frame) {
      return Math.min(Math.max(frame, this.firstFrame), this.lastFrame);
    }

    /** Clocks that moved in this run. */
    clocksInUse() {
      return CLOCKS.filter((clock) => this.endValue(clock.id) > 0);
    }

    /** How many milestones were reached by a frame. */
    reachedAt(frame) {
      return upperBound(this.milestones.map((m) => m.clocks.frames), frame);
    }

    title(milestoneId) {
      return this.titles.get(milestoneId) || milestoneId;
    }

    /** The button held while a frame is drawn, as a letter; "" if none is. */
    heldAt(frame) {
      const turn = this.turnAt(frame - 1);
      if (turn < 0) return "";
      const since = frame - 1 - this.columns.frame[turn];
      const { step_frames: step, hold_frames: hold } = this.header;
      const letter = this.actions[turn][Math.floor(since / step)] || "";
      return since % step < hold && letter !== "." ? letter : "";
    }

    /** Takes in the battles that re-simulation found, as pairs of frames; returns whether it is news. */
    setBattles(spans) {
      const isNews = String(spans.at(-1)) !== String([this.battles.at(-1)?.frame, this.battles.at(-1)?.end]);
      this.battles = spans.map(([frame, end], i) => ({
        lane: "battle", turn: Math.max(this.turnAt(frame - 1), 0), frame, end, label: `battle ${i + 1}`,
      }));
      return isNews && spans.length > 0;
    }

    /** Everything that the lanes of the timeline show. */
    get laneMarks() {
      return this.battles.concat(this.marks);
    }

    /** Marks of a lane that belong to turns up to and including `turn`; the last one, or null. */
    lastMark(lane, turn) {
      for (let i = this.marks.length - 1; i >= 0; i -= 1) {
        if (this.marks[i].lane === lane && this.marks[i].turn <= turn) return this.marks[i];
      }
      return null;
    }
  }

  pb.CLOCKS = CLOCKS;
  pb.Run = Run;
  pb.upperBound = upperBound;
})((window.Pokebench = window.Pokebench || {}));
