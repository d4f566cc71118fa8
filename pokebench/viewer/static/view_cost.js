/* Tokens, dollars and latency up to the playhead. */
(function (pb) {
  "use strict";

  const { el, fill, fitted, colour } = pb.dom;
  const CLASSES = [
    { id: "tokens_cache_read", title: "Read from a cache" },
    { id: "tokens_cache_write", title: "Written to a cache" },
    { id: "tokens_in", title: "Other input" },
    { id: "tokens_out", title: "Output, thinking included" },
  ];

  class CostView {
    constructor(state, panel) {
      this.state = state;
      this.panel = panel;
      this.canvas = el("canvas.cost-curve", { role: "img", "aria-label": "Dollars and output tokens over game time" });
    }

    async update() {
      const { run } = this.state;
      if (!run.hasModel) {
        fill(this.panel, el("p.empty", {}, "No model was asked in this run, so it has neither tokens nor cost."));
        return;
      }
      const turn = run.turnAt(this.state.frameOf(run));
      const key = `${run.place}/${turn}/${run.turnCount}`;
      if (key === this.key && this.panel.childElementCount) return;
      this.key = key;
      const calls = await this.callsOf(run, turn);
      if (this.key !== key) return;
      fill(this.panel, this.totals(run, turn), this.canvas, this.classes(run, turn), this.latest(calls));
      this.draw(run, turn);
    }

    async callsOf(run, turn) {
      if (turn < 0) return [];
      const size = run.header.chunk_turns;
      const told = await run.source.turns(Math.floor(turn / size), run.line).catch(() => ({ turns: [] }));
      const found = told.turns.find((one) => one.turn === turn);
      return found ? found.parts.filter((part) => part.kind === "call") : [];
    }

    at(run, name, turn) {
      return turn < 0 ? 0 : run.columns[name][turn];
    }

    totals(run, turn) {
      const usd = this.at(run, "usd", turn);
      const doubtful = this.at(run, "usd_uncertain", turn);
      const reached = run.reachedAt(this.state.frameOf(run));
      const each = reached ? pb.words.dollars((usd + doubtful) / reached) : "–";
      const money = run.hasUnknownPrices ? "unknown" : pb.words.dollars(usd);
      return el("dl.totals", {},
        this.fact("Dollars so far", money, doubtful ? `and up to ${pb.words.dollars(doubtful)} in doubt` : `of ${pb.words.dollars(run.endValue("usd"))} in all`),
        this.fact("Per milestone", run.hasUnknownPrices ? "–" : each, `${reached} reached`),
        this.fact("Tokens", pb.words.shortCount(this.at(run, "tokens", turn)), `${pb.words.shortCount(this.at(run, "tokens_out", turn))} of them output`),
        this.fact("Model calls", pb.words.count(this.at(run, "calls", turn)), `${pb.words.clockTime(this.at(run, "wall", turn))} of wall clock`));
    }

    fact(name, value, more) {
      return el("div", {}, el("dt", {}, name), el("dd", {}, value), el("dd.faint", {}, more));
    }

    classes(run, turn) {
      const total = Math.max(this.at(run, "tokens", turn), 1);
      return el("table.classes", {},
        el("caption", {}, "Tokens by class"),
        el("tbody", {}, CLASSES.map(({ id, title }) => {
          const value = this.at(run, id, turn);
          return el("tr", {}, el("th", { scope: "row" }, title),
            el("td", {}, pb.words.count(value)),
            el("td.bar", {}, el("meter", { min: 0, max: total, value, "aria-label": `${title}, share of all tokens` })),
            el("td.faint", {}, `${((100 * value) / total).toFixed(1)} %`));
        })));
    }

    latest(calls) {
      if (!calls.length) return null;
      return el("table.calls", {},
        el("caption", {}, "Calls of this turn"),
        el("thead", {}, el("tr", {}, ["Call", "In", "Cached", "Out", "Dollars", "Latency"].map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, calls.map((call) => el("tr", {},
          el("th", { scope: "row" }, `${call.call + 1}${call.attempt ? ` (try ${call.attempt + 1})` : ""}`),
          el("td", {}, pb.words.count(call.tokens.in + call.tokens.cache_write)),
          el("td", {}, pb.words.count(call.tokens.cache_read)),
          el("td", {}, pb.words.count(call.tokens.out)),
          el("td", {}, call.usd === null ? "–" : pb.words.dollars(call.usd)),
          el("td", {}, pb.words.seconds(call.seconds))))));
    }

    draw(run, turn) {
      const { context, width, height } = fitted(this.canvas);
      const floor = height - 4;
      const span = Math.max(run.lastFrame - run.firstFrame, 1);
      const x = (frame) => ((frame - run.firstFrame) / span) * width;
      const most = Math.max(run.endValue("usd"), 1e-9);
      const y = (value) => floor - (value / most) * (floor - 6);
      const ink = colour(`run-${run.place}`);
      const each = Math.max(Math.floor(run.turnCount / 600), 1);
      const trace = (to) => {
        context.beginPath();
        context.moveTo(0, floor);
        for (let i = 0; i <= to; i += each) {
          context.lineTo(x(run.columns.frame[i]), y(run.columns.usd[i] + run.columns.usd_uncertain[i]));
        }
      };
      trace(run.turnCount - 1);
      context.strokeStyle = colour("line-strong");
      context.lineWidth = 1.5;
      context.stroke();
      trace(turn);
      context.strokeStyle = ink;
      context.lineWidth = 2;
      context.stroke();
      context.lineTo(x(run.frameOf(turn)), floor);
      context.closePath();
      context.globalAlpha = 0.12;
      context.fillStyle = ink;
      context.fill();
      context.globalAlpha = 1;
    }
  }

  pb.CostView = CostView;
})((window.Pokebench = window.Pokebench || {}));
