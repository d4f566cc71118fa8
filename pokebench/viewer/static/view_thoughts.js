/* What was thought, said and done, turn by turn; follows the playhead, and holds few turns at a time. */
(function (pb) {
  "use strict";

  const { el, fill, put, marked } = pb.dom;
  const { visible } = pb.words;
  const AROUND = 1;
  const SETTLING_FRAMES = 3;

  const STOPS = {
    truncated: "The answer was cut off by the card's ceiling.",
    refused: "The model refused.",
    filtered: "The answer was withheld by a filter.",
    context_full: "The context was full.",
  };

  /** Key caps for letters of actions; the same one in a row is counted. */
  function keycaps(letters) {
    const caps = [];
    const runs = letters.slice(0, 2000).match(/(.)\1*/g) || [];
    for (const run of runs.slice(0, 120)) {
      const known = pb.words.BUTTONS[run[0]];
      if (!known) continue;
      const kind = run[0] === "." ? "kbd.cap.wait" : "kbd.cap";
      const times = run.length > 1 ? el("small", {}, `×${run.length}`) : null;
      caps.push(el(kind, { title: `${known.name}${run.length > 1 ? `, ${run.length} times` : ""}` }, known.sign, times));
    }
    if (runs.length > 120) caps.push(el("span.faint", {}, "…"));
    return el("span.caps", {}, caps);
  }

  function argumentsOf(tool) {
    try {
      const read = JSON.parse(tool.arguments);
      return read && typeof read === "object" && !Array.isArray(read) ? read : null;
    } catch {
      return null;
    }
  }

  const LETTERS = { up: "U", down: "D", left: "L", right: "R", a: "A", b: "B", select: "T", start: "S", wait: "." };

  /** A tool call: buttons as key caps, everything else as it was written; only the first of a reply is done. */
  function toolCall(tool, wanted, isExtra) {
    const read = argumentsOf(tool);
    const name = el("code.tool-name", {}, visible(tool.name) || "(no name)");
    const undone = isExtra && el("span.faint", {}, "not done: one call a reply");
    if (read && Array.isArray(read.buttons) && read.buttons.every((b) => LETTERS[b])) {
      return el("div.tool", {}, name, keycaps(read.buttons.map((b) => LETTERS[b]).join("")), undone);
    }
    const keys = read ? Object.keys(read) : [];
    if (keys.length === 1 && typeof read[keys[0]] === "string") {
      return el("div.tool", {}, name, el("pre.words", {}, marked(visible(read[keys[0]]), wanted)), undone);
    }
    return el("div.tool", {}, name, el("code.arguments", {}, marked(visible(tool.arguments), wanted)), undone);
  }

  /** Long text, folded until somebody wants it. */
  function prose(kind, text, wanted) {
    const shown = marked(visible(text), wanted);
    const words = el(`p.${kind}`, {}, shown);
    if (text.length < 900 || wanted) return words;
    words.classList.add("folded");
    const more = el("button.more", { type: "button", onclick: () => {
      words.classList.remove("folded");
      more.remove();
    } }, "Show all");
    return [words, more];
  }

  function callFacts(part) {
    const { tokens } = part;
    const read = tokens.in + tokens.cache_read + tokens.cache_write;
    const facts = [];
    if (read || tokens.out) {
      facts.push(`${pb.words.shortCount(read)} in, ${pb.words.shortCount(tokens.out)} out`);
      if (read) facts.push(`${Math.round((100 * tokens.cache_read) / read)} % cached`);
    }
    if (part.usd !== null) facts.push(pb.words.dollars(part.usd));
    facts.push(pb.words.seconds(part.seconds));
    if (part.how !== "live") facts.push(part.how);
    return el("p.facts", { title: visible(part.model) }, facts.join(" · "));
  }

  const PARTS = {
    call: (part, wanted) => [
      part.thinking && prose("thinking", part.thinking, wanted),
      part.text && prose("said", part.text, wanted),
      part.purpose === "summary" && el("p.notice", {}, "Asked for a hand-over."),
      part.tools.map((tool, i) => toolCall(tool, wanted, i > 0)),
      STOPS[part.stop] && el("p.notice.bad", {}, STOPS[part.stop], part.detail && ` ${visible(part.detail)}`),
      callFacts(part),
    ],
    failed: (part, wanted) => el("p.notice.bad", {}, `No answer: ${visible(pb.words.spaced(part.fault))}. `,
      marked(visible(part.detail), wanted), part.wait_s ? ` Waited ${pb.words.seconds(part.wait_s)}.` : ""),
    unknown: (part) => el("p.notice.bad", {}, "A question was on its way when the process ended",
      part.usd ? `; it may have cost up to ${pb.words.dollars(part.usd)}.` : "."),
    notes: () => el("p.notice", {}, "Notes rewritten; see the tab Notes."),
    epoch: (part, wanted) => el("div.notice", {}, `New context no. ${part.number} (${visible(pb.words.spaced(part.reason))}`
      + `${part.tokens ? `, after ${pb.words.shortCount(part.tokens)} tokens` : ""}).`,
      part.handover && prose("handover", part.handover, wanted)),
    rejected: (part, wanted) => el("p.notice.bad", {}, `Not usable: ${visible(pb.words.spaced(part.why))}. `, marked(visible(part.detail), wanted)),
    agent: (part, wanted) => el("p.notice", {}, `${visible(pb.words.spaced(part.what))} `, el("code", {}, marked(visible(part.text).slice(0, 600), wanted))),
    milestone: (part, wanted, run) => el("p.notice.good", {}, `★ ${visible(run.title(part.id))}`),
    diagnostic: (part) => el("p.notice.bad", {}, `${visible(pb.words.spaced(part.what))}: ${visible(part.detail)}`),
    session: (part) => part.reason === "resume" && el("p.notice", {}, "The run was resumed here."),
    outcome: (part) => el("p.notice", {}, `The episode ended: ${visible(pb.words.spaced(part.reason))}. ${visible(part.detail)}`),
  };

  /** How many presses were asked for in a turn: none for a walk, or for reading on, which end by themselves. */
  function askedPresses(parts) {
    const call = parts.filter((part) => part.kind === "call" && part.tools.length).pop();
    const buttons = call && argumentsOf(call.tools[0])?.buttons;
    return Array.isArray(buttons) ? buttons.filter((button) => button !== "wait").length : 0;
  }

  const pressesOf = (act) => act.a.replaceAll(".", "").length;

  /** What came of a turn: all steps taken, and whether fewer buttons were pressed than asked for. */
  function doneLine(parts, act, hasCall) {
    const [asked, pressed] = [askedPresses(parts), pressesOf(act)];
    return el("div.done", {}, el("span.done-word", {}, hasCall ? "Done" : "Pressed"), keycaps(act.a),
      asked > pressed && el("span.faint", {}, `stopped after ${pressed} of ${asked}`));
  }

  class ThoughtsView {
    constructor(state, panel) {
      this.state = state;
      this.panel = panel;
      this.list = el("div.turns");
      this.back = el("button.back-to-now", { type: "button", hidden: true, onclick: () => this.follow() }, "Back to now");
      panel.append(this.list, this.back);
      this.sections = new Map();
      this.isFollowing = true;
      this.wanted = "";
      for (const kind of ["wheel", "touchmove"]) {
        panel.addEventListener(kind, () => this.letGo(), { passive: true });
      }
      panel.addEventListener("scroll", () => this.scrolled(), { passive: true });
    }

    letGo() {
      this.isFollowing = false;
      this.back.hidden = false;
    }

    follow() {
      this.isFollowing = true;
      this.back.hidden = true;
      this.update("seek");
    }

    get chunkTurns() {
      return this.state.run.header.chunk_turns;
    }

    /** The playhead moved, the run grew, or another run was picked. */
    update(why) {
      const { run } = this.state;
      if (this.run !== run) {
        this.run = run;
        this.sections.clear();
        fill(this.list);
      }
      if (why === "seek") {
        this.isFollowing = true;
        this.back.hidden = true;
      }
      const turn = Math.max(run.turnAt(this.state.frameOf(run)), 0);
      const chunk = Math.floor(turn / this.chunkTurns);
      this.turn = turn;
      if (this.isFollowing) this.hold(chunk);
      else if (why === "grow") this.hold(this.middle);
      this.light();
    }

    /** Holds the chunks around `middle`, and no others. */
    async hold(middle) {
      const run = this.run;
      this.middle = middle;
      const last = Math.floor(run.turnCount / this.chunkTurns);
      const wanted = [];
      for (let chunk = middle - AROUND; chunk <= middle + AROUND; chunk += 1) {
        if (chunk >= 0 && chunk <= last) wanted.push(chunk);
      }
      const missing = wanted.filter((chunk) => {
        const known = this.sections.get(chunk);
        return !known || (!known.isWhole && known.line !== run.line) || known.wanted !== this.wanted;
      });
      if (!missing.length && this.sections.size <= wanted.length) return;
      const line = run.line;
      let told;
      try {
        told = await Promise.all(missing.map((chunk) => run.source.turns(chunk, line)));
      } catch (error) {
        if (this.run === run) fill(this.list, el("p.notice.bad", {}, visible(error.message)));
        this.sections.clear();
        return;
      }
      if (this.run !== run || this.middle !== middle) return;
      this.replace(wanted, missing, told, line);
      this.light();
    }

    /** Puts the new chunks in their places without moving what is being read. */
    replace(wanted, missing, told, line) {
      const anchor = this.anchor();
      missing.forEach((chunk, i) => {
        const section = el("section", {}, this.cards(told[i]));
        this.sections.get(chunk)?.section.remove();
        this.sections.set(chunk, { section, isWhole: told[i].is_whole, line, wanted: this.wanted });
      });
      for (const [chunk, { section }] of [...this.sections]) {
        if (wanted.includes(chunk)) continue;
        section.remove();
        this.sections.delete(chunk);
      }
      const ordered = wanted.map((chunk) => this.sections.get(chunk)?.section).filter(Boolean);
      if (ordered.some((section, i) => this.list.children[i] !== section)) this.list.replaceChildren(...ordered);
      if (anchor && anchor.card.isConnected) this.panel.scrollTop += anchor.card.offsetTop - anchor.top;
    }

    anchor() {
      const cards = this.list.querySelectorAll(".turn");
      for (const card of cards) {
        if (card.offsetTop + card.offsetHeight > this.panel.scrollTop) return { card, top: card.offsetTop };
      }
      return null;
    }

    scrolled() {
      if (this.isFollowing || this.middle === undefined) return;
      const { scrollTop, scrollHeight, clientHeight } = this.panel;
      const last = Math.floor(this.run.turnCount / this.chunkTurns);
      if (scrollTop < 300 && this.middle > AROUND) this.hold(this.middle - 1);
      else if (scrollTop + clientHeight > scrollHeight - 300 && this.middle + AROUND < last) this.hold(this.middle + 1);
    }

    cards(told) {
      const made = told.turns.map((turn) => this.card(turn.turn, turn.parts));
      if (told.rest.length) made.push(this.card(this.run.turnCount, told.rest));
      return made;
    }

    card(turn, parts) {
      const run = this.run;
      const frame = run.frameOf(turn);
      const act = parts.find((part) => part.kind === "act");
      const time = pb.words.gameTime(frame, run.framesPerSecond);
      const name = act ? `Turn ${pb.words.count(turn + 1)}` : "After the last turn";
      const head = el("button.turn-head", { type: "button", onclick: () => this.state.seekIn(run, frame) },
        el("b", {}, name), el("time", {}, time));
      const card = el("article.turn", { "data-turn": turn, "aria-label": name }, head);
      const hasCall = parts.some((part) => part.kind === "call");
      if (act && (run.hasModel || run.header.tier !== "none")) put(card, this.sawButton(run, turn));
      for (const part of parts) {
        if (part.kind === "act") {
          if (!hasCall && part.text) put(card, prose("said", part.text, this.wanted));
          put(card, doneLine(parts, part, hasCall));
        } else {
          const maker = PARTS[part.kind];
          if (maker) put(card, maker(part, this.wanted, run));
        }
      }
      if (act && hasCall && turn + 1 < run.turnCount) {
        const answer = this.answerButton(run, turn);
        const asked = askedPresses(parts);
        answer.classList.toggle("to-tell", !asked || asked > pressesOf(act));
        card.append(answer);
      }
      return card;
    }

    /** What the agent saw is made again by re-simulation when somebody asks. */
    sawButton(run, turn) {
      return this.remade("What it saw", async (body) => {
        const seen = await run.source.saw(turn);
        const canvas = seen.screen ? el("canvas.saw-screen", { width: 160, height: 144, role: "img", "aria-label": "The picture that it was shown" }) : null;
        fill(body, canvas, seen.text && el("pre.words", {}, visible(seen.text)), seen.note && el("p.faint", {}, visible(seen.note)));
        if (canvas) canvas.getContext("2d").drawImage(await run.source.screen(seen.frame), 0, 0);
      });
    }

    /** What it was told of its turn, before what it saw then. */
    answerButton(run, turn) {
      return this.remade("What it was answered", async (body) => {
        const { answer } = await run.source.saw(turn + 1);
        fill(body, answer ? el("pre.words", {}, visible(answer)) : el("p.faint", {}, "This cannot be told of this turn."));
      });
    }

    /** Something that is made only when somebody opens it; `make` puts it in its place. */
    remade(name, make) {
      const body = el("div.saw-body");
      const details = el("details.saw", {}, el("summary", {}, name), body);
      details.addEventListener("toggle", async () => {
        if (!details.open || body.childElementCount) return;
        fill(body, el("p.faint", {}, "Re-simulating …"));
        try {
          await make(body);
        } catch (error) {
          fill(body, el("p.notice.bad", {}, visible(error.message)));
        }
      });
      return details;
    }

    /** Marks the turn under way, and brings it into sight. */
    light() {
      const before = this.list.querySelector(".turn[aria-current]");
      const now = this.list.querySelector(`.turn[data-turn="${this.turn}"]`);
      if (before !== now) {
        before?.removeAttribute("aria-current");
        now?.setAttribute("aria-current", "step");
      }
      if (!this.state.playhead.isPlaying) this.tellWhy(now);
      if (!now || !this.isFollowing) return;
      const top = now.offsetTop;
      const room = this.panel.clientHeight;
      const isInSight = top >= this.panel.scrollTop && top + Math.min(now.offsetHeight, room * 0.6) <= this.panel.scrollTop + room;
      if (!isInSight || before !== now) this.bring(now, SETTLING_FRAMES);
    }

    /** Scrolls to a turn; what comes into sight by that is laid out only then, and may move it. */
    bring(card, frames) {
      this.panel.scrollTop = card.offsetTop - this.panel.clientHeight * 0.12;
      if (frames) {
        requestAnimationFrame(() => {
          if (this.isFollowing && card.hasAttribute("aria-current")) this.bring(card, frames - 1);
        });
      }
    }

    /** Opens what a turn was answered that may have been cut short; once, so that it can be closed. */
    tellWhy(card) {
      const answer = card?.querySelector(".to-tell");
      answer?.classList.remove("to-tell");
      answer?.setAttribute("open", "");
    }

    /** Marks a text that is searched for. */
    mark(wanted) {
      if (this.wanted === wanted) return;
      this.wanted = wanted;
      if (this.middle !== undefined && this.run) this.hold(this.middle);
    }
  }

  pb.keycaps = keycaps;
  pb.ThoughtsView = ThoughtsView;
})((window.Pokebench = window.Pokebench || {}));
