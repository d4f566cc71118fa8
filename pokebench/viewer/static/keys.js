/* The keyboard, and the list of its keys. */
(function (pb) {
  "use strict";

  const { el, at } = pb.dom;

  /** Each key: what it is called, what it does in words, and the deed. */
  function keysOf(page) {
    const head = page.state.playhead;
    return [
      { keys: [" ", "k"], name: "Space, k", words: "Play or pause", deed: () => head.toggle() },
      { keys: ["ArrowLeft"], name: "←", words: "Turn before", deed: () => head.stepTurn(-1) },
      { keys: ["ArrowRight"], name: "→", words: "Next turn", deed: () => head.stepTurn(1) },
      { keys: ["Shift+ArrowLeft", "M", "PageUp"], name: "Shift ←, M, Pg Up", words: "Milestone before", deed: () => head.stepMilestone(-1) },
      { keys: ["Shift+ArrowRight", "m", "PageDown"], name: "Shift →, m, Pg Dn", words: "Next milestone", deed: () => head.stepMilestone(1) },
      { keys: [","], name: ",", words: "Frame before", deed: () => head.stepFrame(-1) },
      { keys: ["."], name: ".", words: "Next frame", deed: () => head.stepFrame(1) },
      ...pb.SPEEDS.map((speed, i) => ({ keys: [String(i + 1)], name: i ? "" : "1 – 7", words: i ? "" : "Speed 1× to 64×", deed: () => head.setSpeed(speed) })),
      { keys: ["Home"], name: "Home", words: "Start", deed: () => head.seek(head.run.firstFrame) },
      { keys: ["End"], name: "End", words: "End; of a run in progress: follow it", deed: () => page.toEnd() },
      { keys: ["/"], name: "/", words: "Find in what was thought and said", deed: () => page.search.open() },
      { keys: ["n"], name: "n", words: "Notes", deed: () => page.tabs.pick("notes") },
      { keys: ["t"], name: "t", words: "Thoughts and tools", deed: () => page.tabs.pick("thoughts") },
      { keys: ["g"], name: "g", words: "Map", deed: () => page.tabs.pick("map") },
      { keys: ["x"], name: "x", words: "Next clock of the timeline", deed: () => page.nextClock() },
      { keys: ["r"], name: "r", words: "Next run, where there are several", deed: () => page.nextRun() },
      { keys: ["c"], name: "c", words: "Copy a link to this moment", deed: () => page.copyLink() },
      { keys: ["?"], name: "?", words: "This list", deed: () => at("help").showModal() },
    ];
  }

  function isTyping(target) {
    return target.closest("input, textarea, select, dialog[open]") !== null;
  }

  /** A key that a focused control needs for itself. */
  function isTaken(event) {
    const { target, key } = event;
    if (target.closest("[role=tablist]")) return ["ArrowLeft", "ArrowRight", "Home", "End", " "].includes(key);
    if (target.closest("button, summary, a")) return key === " " || key === "Enter";
    if (target.closest("[role=tabpanel]")) return ["PageUp", "PageDown", "Home", "End"].includes(key);
    return false;
  }

  function listen(page) {
    const deeds = new Map();
    for (const { keys, deed } of keysOf(page)) for (const key of keys) deeds.set(key, deed);
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isTaken(event)) return;
      const deed = deeds.get(event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key);
      if (!deed) return;
      event.preventDefault();
      deed();
    });
  }

  function list(page) {
    at("help-keys").append(...keysOf(page).filter((key) => key.name).map(({ name, words }) =>
      el("div", {}, el("dt", {}, name.split(/, (?=.)/).map((key) => [el("kbd.cap", {}, key), " "])), el("dd", {}, words))));
  }

  pb.keys = { listen, list };
})((window.Pokebench = window.Pokebench || {}));
