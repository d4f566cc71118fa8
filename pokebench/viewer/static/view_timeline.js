/* The timeline: the milestone curve itself, lanes of marks below it, and the cursor. */
(function (pb) {
  "use strict";

  const { el, say, at, fitted, colour } = pb.dom;
  const GUTTER = 84;
  const MARGIN = 10;
  const WIDE = 720;
  const RIGHT = 14;
  const TOP = 14;
  const AXIS = 22;
  const LANE = 13;
  const NEAR = 9;
  const LANE_GAP = 6;

  /** Round steps of an axis: seconds for times, tens for the rest. */
  function tickStep(span, wanted, isTime) {
    const rough = span / wanted;
    if (isTime) {
      const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000];
      return steps.find((step) => step >= rough) || Math.ceil(rough / 86400) * 86400;
    }
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough);
  }

  class TimelineView {
    /** Draws `state.runs`; seeks on `state.playhead`. */
    constructor(state) {
      this.state = state;
      this.box = at("timeline");
      this.canvas = at("curve");
      this.cursor = at("cursor");
      this.tip = at("tip");
      this.tipWords = el("span");
      this.tipScreen = el("canvas.tip-screen", { width: 160, height: 144, "aria-hidden": "true" });
      this.tip.append(this.tipScreen, this.tipWords);
      this.isDragging = false;
      this.box.addEventListener("pointerdown", (event) => this.press(event));
      this.box.addEventListener("pointermove", (event) => this.move(event));
      this.box.addEventListener("pointerup", () => { this.isDragging = false; });
      this.box.addEventListener("pointerleave", () => this.leave());
    }

    get lanes() {
      const run = this.state.run;
      const marks = run.laneMarks;
      return run.header.lanes.filter((lane) => marks.some((mark) => mark.lane === lane.id));
    }

    /** What the axis spans: the largest value of the clock among the runs. */
    get span() {
      const values = this.state.runs.map((run) => run.endValue(this.state.clock));
      const firsts = this.state.runs.map((run) => run.firstFrame);
      const start = this.state.clock === "game" ? Math.min(...firsts) : 0;
      return { from: start, to: Math.max(...values, start) || 1 };
    }

    x(value) {
      const { from, to } = this.span;
      return this.left + ((value - from) / (to - from)) * (this.width - this.left - RIGHT);
    }

    valueAt(x) {
      const { from, to } = this.span;
      const share = (x - this.left) / Math.max(this.width - this.left - RIGHT, 1);
      return from + Math.min(Math.max(share, 0), 1) * (to - from);
    }

    y(share) {
      return this.floor - share * (this.floor - TOP);
    }

    /** Draws everything but the cursor. */
    draw() {
      const lanes = this.lanes;
      const lanesHeight = lanes.length ? lanes.length * LANE + LANE_GAP : 0;
      this.box.style.setProperty("--lanes", `${lanesHeight}px`);
      const { context, width, height } = fitted(this.canvas);
      this.width = width;
      this.height = height;
      this.left = width > WIDE ? GUTTER : MARGIN;
      this.floor = height - AXIS - lanesHeight;
      this.drawAxis(context);
      const others = this.state.runs.filter((run) => run !== this.state.run);
      for (const run of others) this.drawCurve(context, run, false);
      this.drawCurve(context, this.state.run, true);
      this.drawLanes(context, lanes);
      this.drawDesync(context);
      this.place();
    }

    drawAxis(context) {
      const { from, to } = this.span;
      const clock = this.state.clock;
      const scale = clock === "game" ? this.state.run.framesPerSecond : 1;
      const isTime = clock === "game" || clock === "wall";
      const step = tickStep((to - from) / scale, Math.max(this.width / 110, 2), isTime);
      context.font = `11px ${colour("sans")}`;
      context.textBaseline = "alphabetic";
      context.lineWidth = 1;
      for (let value = 0; value <= to / scale; value += step) {
        const x = Math.round(this.x(value * scale)) + 0.5;
        if (x < this.left) continue;
        context.strokeStyle = colour("line");
        context.beginPath();
        context.moveTo(x, TOP);
        context.lineTo(x, this.floor);
        context.stroke();
        context.fillStyle = colour("faint");
        const words = this.state.clockWords(clock, value * scale);
        const half = context.measureText(words).width / 2;
        context.fillText(words, Math.min(Math.max(x - half, 2), this.width - 2 * half - 2), this.height - 6);
      }
      this.drawHeights(context);
      context.strokeStyle = colour("line-strong");
      context.beginPath();
      context.moveTo(this.left, this.floor + 0.5);
      context.lineTo(this.width - RIGHT, this.floor + 0.5);
      context.stroke();
    }

    /** How many milestones there are, beside the curve's top and bottom. */
    drawHeights(context) {
      if (this.left < GUTTER) return;
      const total = this.state.run.header.milestones.length;
      context.fillStyle = colour("faint");
      context.textAlign = "right";
      context.fillText(`${total}`, this.left - 8, this.y(1) + 4);
      context.fillText("0", this.left - 8, this.floor + 1);
      context.textAlign = "left";
    }

    /** The curve's corners: each milestone's place, from (start, 0) to the end of the run. */
    corners(run) {
      const total = Math.max(run.header.milestones.length, 1);
      const clock = this.state.clock;
      const dots = run.milestones.map((milestone, index) => ({
        milestone,
        x: this.x(pb.Run.valueOf(clock, milestone.clocks)),
        y: this.y((index + 1) / total),
      }));
      return { dots, end: this.x(run.endValue(clock)) };
    }

    trace(context, dots, end) {
      context.beginPath();
      context.moveTo(this.left, this.floor);
      let y = this.floor;
      for (const dot of dots) {
        context.lineTo(dot.x, y);
        context.lineTo(dot.x, dot.y);
        y = dot.y;
      }
      context.lineTo(end, y);
    }

    drawCurve(context, run, isPicked) {
      const { dots, end } = this.corners(run);
      const ink = colour(`run-${run.place}`);
      if (isPicked) {
        this.trace(context, dots, end);
        context.lineTo(end, this.floor);
        context.closePath();
        context.globalAlpha = 0.12;
        context.fillStyle = ink;
        context.fill();
        context.globalAlpha = 1;
        this.dots = dots;
      }
      this.trace(context, dots, end);
      context.strokeStyle = ink;
      context.lineWidth = isPicked ? 2 : 1.5;
      context.lineJoin = "round";
      context.setLineDash(isPicked ? [] : [5, 4]);
      context.stroke();
      context.setLineDash([]);
      for (const dot of dots) {
        context.beginPath();
        context.arc(dot.x, dot.y, isPicked ? 3.5 : 2.5, 0, 2 * Math.PI);
        context.fillStyle = isPicked ? ink : colour("panel");
        context.fill();
        context.stroke();
      }
    }

    drawLanes(context, lanes) {
      this.laneSpots = [];
      const marks = this.state.run.laneMarks;
      lanes.forEach((lane, row) => {
        const y = this.floor + LANE_GAP + row * LANE;
        context.fillStyle = colour("lane");
        context.fillRect(this.left, y + 1, this.width - this.left - RIGHT, LANE - 3);
        if (this.left === GUTTER) {
          context.fillStyle = colour("faint");
          context.textAlign = "right";
          context.fillText(lane.title, this.left - 8, y + LANE - 4);
          context.textAlign = "left";
        }
        context.fillStyle = colour(`lane-${lane.id}`);
        let last = -10;
        for (const mark of marks) {
          if (mark.lane !== lane.id) continue;
          const x = this.x(this.state.run.value(this.state.clock, mark.frame));
          const end = this.x(this.state.run.value(this.state.clock, mark.end));
          this.laneSpots.push({ mark, x, end, y });
          if (end - last < 0.7) continue;
          last = Math.max(end, x + 2);
          context.fillRect(Math.max(x - 1, this.left), y + 1, Math.max(end - x, 2.5), LANE - 3);
        }
      });
    }

    /** From where on the record does not come true. */
    drawDesync(context) {
      const { run, clock } = this.state;
      if (run.simulation.state !== "desync") return;
      const x = this.x(run.value(clock, run.within(run.simulation.frame)));
      context.fillStyle = colour("bad");
      context.globalAlpha = 0.14;
      context.fillRect(x, TOP, Math.max(this.width - RIGHT - x, 3), this.floor - TOP);
      context.globalAlpha = 1;
      context.fillRect(x - 1, TOP, 2, this.floor - TOP);
      context.fillText("desync", Math.min(x + 5, this.width - 60), TOP + 10);
    }

    /** Puts the cursor where the playhead is, and tells it to who listens instead of looking. */
    place() {
      if (!this.width) return;
      const { run, playhead, clock } = this.state;
      const frame = this.state.frameOf(run);
      const x = this.x(run.value(clock, frame));
      this.cursor.style.transform = `translateX(${x.toFixed(2)}px)`;
      const box = this.box;
      box.setAttribute("aria-valuemin", String(playhead.run.firstFrame));
      box.setAttribute("aria-valuemax", String(playhead.run.lastFrame));
      box.setAttribute("aria-valuenow", String(playhead.frame));
      box.setAttribute("aria-valuetext", this.state.momentWords());
    }

    nearest(x, y) {
      const dots = (this.dots || []).map((dot) => ({ dot, far: Math.hypot(dot.x - x, dot.y - y) }));
      const best = dots.sort((a, b) => a.far - b.far)[0];
      if (best && best.far < NEAR) return { milestone: best.dot.milestone };
      const marks = (this.laneSpots || []).filter((spot) => y >= spot.y && y < spot.y + LANE);
      const spot = marks.find((one) => x >= one.x - 4 && x <= one.end + 4);
      return spot ? { mark: spot.mark } : null;
    }

    spot(event) {
      const box = this.canvas.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    }

    press(event) {
      if (event.button) return;
      const { x, y } = this.spot(event);
      const near = this.nearest(x, y);
      this.isDragging = !near;
      if (near) this.state.seekIn(this.state.run, near.milestone ? near.milestone.clocks.frames : near.mark.frame);
      else this.seekTo(x);
      this.box.setPointerCapture(event.pointerId);
    }

    seekTo(x) {
      const { run, clock } = this.state;
      this.state.seekIn(run, run.frameAt(clock, this.valueAt(x)));
    }

    move(event) {
      const { x, y } = this.spot(event);
      if (this.isDragging) this.seekTo(x);
      const { run, clock } = this.state;
      const near = this.nearest(x, y);
      let frame = run.frameAt(clock, this.valueAt(x));
      let words = `${this.state.clockWords(clock, this.valueAt(x))}`;
      if (near?.milestone) {
        frame = near.milestone.clocks.frames;
        words = `${run.title(near.milestone.id)}\n${pb.words.gameTime(frame, run.framesPerSecond)}`;
      } else if (near?.mark) {
        frame = near.mark.frame;
        words = `${near.mark.label}\n${pb.words.gameTime(frame, run.framesPerSecond)}`;
      } else if (run.turnAt(frame) >= 0) {
        words += `\nturn ${pb.words.count(run.turnAt(frame) + 1)}`;
      }
      say(this.tipWords, pb.words.visible(words));
      this.tip.hidden = event.pointerType === "touch";
      const left = Math.min(Math.max(x - 60, 4), this.width - 176);
      this.tip.style.transform = `translateX(${left}px)`;
      this.peek(run, frame);
    }

    /** Shows the screen under the pointer once it rests. */
    peek(run, frame) {
      clearTimeout(this.peeking);
      if (this.isDragging || this.tip.hidden) return;
      this.peeking = setTimeout(async () => {
        try {
          const image = await run.source.screen(frame);
          this.tipScreen.getContext("2d").drawImage(image, 0, 0);
          this.tip.classList.add("has-screen");
        } catch {
          this.tip.classList.remove("has-screen");
        }
      }, 120);
    }

    leave() {
      clearTimeout(this.peeking);
      this.tip.hidden = true;
      this.tip.classList.remove("has-screen");
    }
  }

  pb.TimelineView = TimelineView;
})((window.Pokebench = window.Pokebench || {}));
