/* Runs side by side: where the others stand when the first is at a frame. Touches no page. */
(function (pb) {
  "use strict";

  const LOCKS = [
    { id: "frames", title: "game time" },
    { id: "milestones", title: "milestones" },
    { id: "usd", title: "dollars" },
  ];

  function spent(run, turn) {
    if (turn < 0) return 0;
    const at = Math.min(turn, run.turnCount - 1);
    return run.columns.usd[at] + run.columns.usd_uncertain[at];
  }

  /** Dollars at a frame; what a turn cost is spread over its frames. */
  function money(run, frame) {
    const turn = run.turnAt(frame);
    if (turn < 0) return 0;
    const [from, to] = [run.frameOf(turn), run.frameOf(turn + 1)];
    const share = to > from ? Math.min((frame - from) / (to - from), 1) : 1;
    const before = spent(run, turn - 1);
    return before + share * (spent(run, turn) - before);
  }

  function frameOfMoney(run, dollars) {
    let low = 0;
    let high = run.turnCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spent(run, middle) > dollars) high = middle;
      else low = middle + 1;
    }
    if (low >= run.turnCount) return run.lastFrame;
    const before = spent(run, low - 1);
    const cost = spent(run, low) - before;
    const [from, to] = [run.frameOf(low), run.frameOf(low + 1)];
    return Math.round(from + (cost > 0 ? (dollars - before) / cost : 0) * (to - from));
  }

  function frameOfMilestone(run, id) {
    const found = run.milestones.find((m) => m.id === id);
    return found ? found.clocks.frames : Infinity;
  }

  /** The latest milestone that both have, the leader by `frame`; null before the first. */
  function common(leader, run, frame) {
    const reached = leader.milestones.filter((m) => m.clocks.frames <= frame);
    return reached.reverse().find((m) => frameOfMilestone(run, m.id) < Infinity) || null;
  }

  /** From the latest common milestone both go on together; who is at the next first waits there. */
  function byMilestones(leader, run, frame) {
    const from = common(leader, run, frame);
    const start = from ? from.clocks.frames : leader.firstFrame;
    const own = from ? frameOfMilestone(run, from.id) : run.firstFrame;
    const nexts = leader.milestones
      .filter((m) => m.clocks.frames > frame)
      .map((m) => frameOfMilestone(run, m.id))
      .filter((at) => at > own && at < Infinity);
    const limit = nexts.length ? Math.min(...nexts) : run.lastFrame;
    return Math.min(own + (frame - start), limit);
  }

  /** The frame of `run` that belongs to the leader's `frame` under a lock. */
  function frameFor(lock, leader, run, frame) {
    if (run === leader) return frame;
    if (lock === "milestones") return run.within(byMilestones(leader, run, frame));
    if (lock === "usd") return run.within(frameOfMoney(run, money(leader, frame)));
    return run.within(frame);
  }

  /** Locks that make sense for these runs. */
  function locksFor(runs) {
    return LOCKS.filter((lock) => lock.id !== "usd" || runs.every((run) => run.endValue("usd") > 0));
  }

  /**
   * How a run stands against the leader: game seconds it needed more (+) or less (−) to the latest
   * milestone that both have reached by now.
   */
  function delta(leader, run, leaderFrame, runFrame) {
    const theirs = run.milestones.filter((m) => m.clocks.frames <= runFrame).reverse();
    for (const milestone of theirs) {
      const at = frameOfMilestone(leader, milestone.id);
      if (at <= leaderFrame) {
        const seconds = (milestone.clocks.frames - at) / run.framesPerSecond;
        return { id: milestone.id, seconds };
      }
    }
    return null;
  }

  pb.race = { LOCKS, frameFor, locksFor, delta, money };
})((window.Pokebench = window.Pokebench || {}));
