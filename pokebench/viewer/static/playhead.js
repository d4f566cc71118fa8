/* Keeps time: which frame is now, and how it moves on. Touches no page. */
(function (pb) {
  "use strict";

  const SPEEDS = [1, 2, 4, 8, 16, 32, 64];

  class Playhead {
    /** Goes over frames of `run`, which leads; says so to `listeners`. */
    constructor(run) {
      this.run = run;
      this.frame = run.firstFrame;
      this.isPlaying = false;
      this.isLive = false;
      this.speed = 1;
      this.listeners = [];
      this.exact = this.frame;
    }

    /** The last frame that there is to go to; in a race the others may go on longer. */
    get limit() {
      return this.run.lastFrame;
    }

    listen(listener) {
      this.listeners.push(listener);
    }

    tell(what) {
      for (const listener of this.listeners) listener(what);
    }

    /** Goes to a frame; a seek by hand lets go of the live end. */
    seek(frame, { keepsLive = false } = {}) {
      this.exact = Math.min(Math.max(Math.round(frame), this.run.firstFrame), this.limit);
      this.frame = this.exact;
      if (!keepsLive) this.isLive = false;
      this.tell("seek");
    }

    seekTurn(turn) {
      this.seek(this.run.frameOf(Math.min(Math.max(turn, 0), this.run.turnCount)));
    }

    stepFrame(by) {
      this.pause();
      this.seek(this.frame + by);
    }

    stepTurn(by) {
      const turn = this.run.turnAt(this.frame);
      const isInside = turn >= 0 && this.frame > this.run.frameOf(turn);
      this.seekTurn(by < 0 && isInside ? turn : turn + by);
    }

    stepMilestone(by) {
      const frames = this.run.milestones.map((m) => m.clocks.frames);
      const target = by > 0
        ? frames.find((frame) => frame > this.frame)
        : frames.filter((frame) => frame < this.frame).pop();
      this.seek(target ?? (by > 0 ? this.run.lastFrame : this.run.firstFrame));
    }

    play() {
      if (this.frame >= this.limit && !this.isLive) this.seek(this.run.firstFrame);
      this.isPlaying = true;
      this.tell("play");
    }

    pause() {
      if (!this.isPlaying) return;
      this.isPlaying = false;
      this.tell("pause");
    }

    toggle() {
      if (this.isPlaying) this.pause();
      else this.play();
    }

    setSpeed(speed) {
      this.speed = SPEEDS.includes(speed) ? speed : 1;
      this.tell("speed");
    }

    /** Goes on by some milliseconds of the viewer's time; `mayShow` says which frames are here. */
    advance(milliseconds, mayShow = () => true) {
      if (!this.isPlaying) return;
      const by = (milliseconds / 1000) * this.run.framesPerSecond * this.speed;
      const next = Math.min(this.exact + by, this.limit);
      if (!mayShow(Math.floor(next))) {
        this.tell("wait");
        return;
      }
      this.exact = next;
      const frame = Math.floor(next);
      if (frame !== this.frame) {
        this.frame = frame;
        this.tell("move");
      }
      if (frame >= this.limit && !this.isLive) this.pause();
    }

    /** Follows the end of a run in progress. */
    follow() {
      this.isLive = true;
      this.seek(this.run.lastFrame, { keepsLive: true });
    }

    /** The run has grown. */
    grown() {
      if (this.isLive) this.seek(this.run.lastFrame, { keepsLive: true });
      this.tell("grow");
    }
  }

  pb.SPEEDS = SPEEDS;
  pb.Playhead = Playhead;
})((window.Pokebench = window.Pokebench || {}));
