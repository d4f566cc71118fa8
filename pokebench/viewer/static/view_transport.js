/* Play, pause, steps, speed; the buttons that are held; where the playhead is. */
(function (pb) {
  "use strict";

  const { el, say, at } = pb.dom;
  const HELD = ["U", "D", "L", "R", "B", "A", "T", "S"];

  function button(id, sign, title, keys, action) {
    const made = el("button.key", {
      id, type: "button", title: `${title} (${keys})`, "aria-label": title,
      "aria-keyshortcuts": keys, onclick: action,
    }, el("span", { "aria-hidden": "true" }, sign));
    return made;
  }

  class TransportView {
    constructor(state) {
      this.state = state;
      const head = state.playhead;
      this.play = button("play", "▶", "Play", "Space", () => head.toggle());
      this.speed = el("select", { id: "speed", "aria-label": "Speed", onchange: () => head.setSpeed(Number(this.speed.value)) },
        pb.SPEEDS.map((speed) => el("option", { value: speed }, `${speed}×`)));
      at("transport").append(
        button("back-milestone", "⇤", "Previous milestone", "Shift+ArrowLeft", () => head.stepMilestone(-1)),
        button("back-turn", "«", "Previous turn", "ArrowLeft", () => head.stepTurn(-1)),
        button("back-frame", "‹", "Previous frame", "Comma", () => head.stepFrame(-1)),
        this.play,
        button("next-frame", "›", "Next frame", "Period", () => head.stepFrame(1)),
        button("next-turn", "»", "Next turn", "ArrowRight", () => head.stepTurn(1)),
        button("next-milestone", "⇥", "Next milestone", "Shift+ArrowRight", () => head.stepMilestone(1)),
        this.speed,
      );
      this.live = at("live");
      this.live.addEventListener("click", () => head.follow());
      this.caps = new Map(HELD.map((letter) => {
        const { name, sign } = pb.words.BUTTONS[letter];
        return [letter, el(`i.pad.pad-${name.toLowerCase()}`, { title: name }, sign)];
      }));
      at("held").append(...this.caps.values());
      this.held = "";
    }

    update() {
      const { playhead, run } = this.state;
      say(this.play.firstChild, playhead.isPlaying ? "❚❚" : "▶");
      this.play.setAttribute("aria-label", playhead.isPlaying ? "Pause" : "Play");
      this.play.classList.toggle("is-on", playhead.isPlaying);
      this.speed.value = String(playhead.speed);
      this.place(run);
    }

    /** What changes with every frame. */
    place(run) {
      const frame = this.state.frameOf(run);
      const turn = run.turnAt(frame);
      say(at("time"), pb.words.gameTime(frame, run.framesPerSecond));
      at("whole").hidden = run.source.every > 1; // room for the frame that is shown
      say(at("whole"), `of ${pb.words.gameTime(run.lastFrame, run.framesPerSecond)}`);
      say(at("turn"), `turn ${pb.words.count(turn + 1)} of ${pb.words.count(run.turnCount)}`);
      const shown = run.source.shownAt?.(frame) ?? frame;
      say(at("frame"), `frame ${pb.words.count(frame)}${shown === frame ? "" : `, screen ${pb.words.count(shown)}`}`);
      this.light(run.heldAt(frame));
    }

    light(letter) {
      if (letter === this.held) return;
      this.caps.get(this.held)?.classList.remove("is-held");
      this.caps.get(letter)?.classList.add("is-held");
      this.held = letter;
      at("held").setAttribute("aria-label", letter ? `held: ${pb.words.BUTTONS[letter].name}` : "no button held");
    }

    /** Whether there is an end to follow, and whether it is followed. */
    showLive(isGrowing) {
      this.live.hidden = !isGrowing;
      this.live.classList.toggle("is-on", this.state.playhead.isLive);
      say(this.live, this.state.playhead.isLive ? "● Live" : "Go to live ⇥");
    }
  }

  pb.TransportView = TransportView;
})((window.Pokebench = window.Pokebench || {}));
