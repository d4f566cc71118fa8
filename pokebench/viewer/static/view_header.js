/* What is shown, how it stands, and what of it is proven. */
(function (pb) {
  "use strict";

  const { el, fill, say, at } = pb.dom;
  const { visible } = pb.words;

  /* Seconds without news: worth saying; longer than a model thinks; longer than writing a line. */
  const QUIET_S = 20;
  const LONG_S = 600;
  const TORN_S = 10;

  const SIMULATION = {
    pending: { sign: "◌", words: "not yet re-simulated", kind: "" },
    running: { sign: "◌", words: "re-simulating", kind: "" },
    holds: { sign: "✔", words: "re-simulated", kind: "good" },
    desync: { sign: "✕", words: "desync", kind: "bad" },
    unavailable: { sign: "–", words: "cannot be re-simulated here", kind: "bad" },
  };

  function statusOf(run, isConnected) {
    const { status } = run;
    if (status.fault) return { words: "record damaged", kind: "bad" };
    if (status.is_over) return { words: status.reason === "finished" ? "finished" : pb.words.spaced(status.reason), kind: "" };
    if (status.reason) return { words: `stopped: ${pb.words.spaced(status.reason)}`, kind: "" };
    if (!run.source.follow) return { words: "no outcome", kind: "" };
    if (!isConnected) return { words: "no word from the server", kind: "bad" };
    const quiet = run.quietSeconds;
    if (quiet < QUIET_S) return { words: "in progress", kind: "live" };
    const since = `quiet for ${pb.words.seconds(quiet)}`;
    return quiet < LONG_S ? { words: `in progress, ${since}`, kind: "live" } : { words: `no outcome, ${since}`, kind: "" };
  }

  class HeaderView {
    constructor(state) {
      this.state = state;
      this.isConnected = true;
    }

    update() {
      const { run, runs } = this.state;
      const { header } = run;
      document.title = runs.length > 1
        ? `${runs.length} runs of ${visible(header.game.spec)} – pokebench`
        : `${visible(header.agent.title)} plays ${visible(header.game.spec)} – pokebench`;
      say(at("game"), visible(header.game.title));
      say(at("world"), visible(header.game.spec.includes(":") ? header.game.spec.split(":")[1].replace("@", " world ") : ""));
      say(at("agent"), visible(header.agent.title));
      const tier = header.tier === "none" ? "" : `tier ${visible(header.tier)}`;
      say(at("tier"), header.agent.is_privileged ? "reads RAM, never ranked" : tier);
      at("tier").hidden = !at("tier").textContent;
      this.chips(run);
      this.where(run);
    }

    chips(run) {
      const status = statusOf(run, this.isConnected);
      const chip = at("status");
      chip.className = `chip ${status.kind}`;
      say(chip, status.words);
      const isCut = Boolean(run.status.fault) && run.simulation.state === "holds";
      const told = isCut
        ? { sign: "◌", words: `re-simulated up to ${pb.words.gameTime(run.simulation.frame, run.framesPerSecond)}`, kind: "" }
        : SIMULATION[run.simulation.state] || SIMULATION.pending;
      const badge = at("simulation");
      badge.className = `badge ${told.kind}`;
      const share = run.simulation.state === "running" && run.lastFrame
        ? ` ${Math.min(Math.floor((100 * run.simulation.frame) / run.lastFrame), 99)} %` : "";
      fill(badge, el("span", { "aria-hidden": "true" }, `${told.sign} `), `${told.words}${share}`);
      const identity = at("identity");
      fill(identity, el("span", { "aria-hidden": "true" }, "◇ "), run.header.agent.model ? "model identity: self-reported" : "no model");
    }

    /** Where the record ends early, or comes untrue. */
    where(run) {
      const faults = [];
      if (run.status.fault) faults.push(`The record is whole up to ${pb.words.gameTime(run.lastFrame, run.framesPerSecond)}. ${run.status.fault}`);
      else if (run.status.torn && run.quietSeconds > TORN_S) faults.push(run.status.torn);
      if (run.simulation.state === "desync") faults.push(`From ${pb.words.gameTime(run.simulation.frame, run.framesPerSecond)} on the record does not come true: ${run.simulation.detail}`);
      if (run.simulation.state === "unavailable") faults.push(run.simulation.detail);
      const box = at("fault");
      box.hidden = !faults.length;
      say(box, visible(faults.join(" ")));
    }

    /** What the badges mean, in plain words. */
    explain() {
      const { run } = this.state;
      const { header } = run;
      const proof = {
        holds: `Every button of this run was pressed again on this machine, from power-on, with its own ROM, and every recorded hash, milestone and clock came true up to ${pb.words.gameTime(run.simulation.frame, run.framesPerSecond)}.`,
        desync: `Re-simulation gives something else: ${run.simulation.detail}`,
        unavailable: `This machine cannot re-simulate the run: ${run.simulation.detail}`,
      }[run.simulation.state] || "The run is being pressed again from power-on; until that is through, times and milestones are what the record claims.";
      const who = header.agent.model
        ? `The record says that ${header.agent.model} was asked${header.agent.host ? ` at ${header.agent.host}` : ""}. That is the recorder's word: re-simulation shows that these buttons give this result. It does not show who pressed them.`
        : "No model played. Re-simulation shows that these buttons give this result.";
      fill(at("proof-body"),
        el("h3", {}, "Re-simulation"), el("p", {}, visible(proof)),
        el("h3", {}, "Who played"), el("p", {}, visible(who)),
        run.source.every > 1 && [el("h3", {}, "Screens"), el("p", {}, `This page holds one screen in ${run.source.every} frames. Between two of them it shows the earlier one.`)],
        el("dl.facts-list", {}, [
          ["Run", header.name], ["Recorded", header.created], ["Start seed", String(header.seed)],
          ["ROM SHA-1", header.game.rom_sha1], ["Emulator", header.emulator],
          ["Record's head", run.head],
        ].map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, visible(value))))));
    }
  }

  pb.HeaderView = HeaderView;
})((window.Pokebench = window.Pokebench || {}));
