/* A moment as the part of an address after #. Touches no page. */
(function (pb) {
  "use strict";

  const TABS = ["thoughts", "notes", "milestones", "cost", "map", "raw"];

  /** Reads `t` (frame), `d` (turn, from 1), `x` (clock), `tab`, `lock` and `r` (run, from 1). */
  function parse(hash) {
    const given = new URLSearchParams(hash.replace(/^#/, ""));
    const number = (name) => {
      const text = given.get(name);
      return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
    };
    const word = (name, allowed) => (allowed.includes(given.get(name)) ? given.get(name) : null);
    return {
      frame: number("t"),
      turn: number("d"),
      clock: word("x", pb.CLOCKS.map((clock) => clock.id)),
      tab: word("tab", TABS),
      lock: word("lock", pb.race.LOCKS.map((lock) => lock.id)),
      run: number("r"),
    };
  }

  function format({ frame, clock, tab, lock, run }) {
    const parts = [`t=${frame}`];
    if (clock && clock !== "game") parts.push(`x=${clock}`);
    if (tab && tab !== TABS[0]) parts.push(`tab=${tab}`);
    if (lock && lock !== "frames") parts.push(`lock=${lock}`);
    if (run) parts.push(`r=${run + 1}`);
    return `#${parts.join("&")}`;
  }

  pb.link = { TABS, parse, format };
})((window.Pokebench = window.Pokebench || {}));
