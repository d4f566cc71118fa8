/* Puts the page together: loads the runs, lets the views follow the playhead, keeps the address. */
(function (pb) {
  "use strict";

  const { el, say, at, fill } = pb.dom;
  const STATUS_MS = 1500;
  const LINK_MS = 250;
  const SOON_MS = 30;
  const PATIENCE = 10;
  const QUIET_MS = 5000;
  const BATTLES_MS = 10000;

  class Page {
    constructor(runs) {
      const state = new pb.State(runs);
      this.state = state;
      this.screens = runs.map((run) => new pb.ScreenView(run, runs.length === 1, (picked) => state.pick(picked)));
      at("screens").append(...this.screens.map((view) => view.figure));
      at("page").classList.toggle("is-race", runs.length > 1);
      at("page").classList.toggle("is-crowd", runs.length > 2);
      this.header = new pb.HeaderView(state);
      this.transport = new pb.TransportView(state);
      this.timeline = new pb.TimelineView(state);
      this.race = new pb.RaceView(state);
      const thoughts = new pb.ThoughtsView(state, at("panel-thoughts"));
      this.panels = {
        thoughts,
        notes: new pb.NotesView(state, at("panel-notes")),
        milestones: new pb.MilestonesView(state, at("panel-milestones")),
        cost: new pb.CostView(state, at("panel-cost")),
        map: new pb.MapView(state, at("panel-map")),
        raw: new pb.RawView(state, at("panel-raw")),
      };
      this.search = new pb.SearchView(state, thoughts);
      this.tabs = new pb.Tabs(() => this.showPanel("pick"));
      this.clockPicker();
      state.playhead.listen((what) => this.moved(what));
      this.buttons();
      pb.keys.listen(this);
      pb.keys.list(this);
      new ResizeObserver(() => this.resize()).observe(at("page"));
      window.addEventListener("hashchange", () => this.open(location.hash));
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.timeline.draw());
      this.open(location.hash);
      this.follow();
      for (const run of runs) this.findBattles(run, true);
      at("page").hidden = false;
      this.resize();
      setInterval(() => this.header.update(), QUIET_MS);
      requestAnimationFrame((now) => this.tick(now));
    }

    /** Goes to the moment that an address names. */
    open(hash) {
      if (hash === this.written) return;
      const { frame, turn, clock, tab, lock, run } = pb.link.parse(hash);
      const { state } = this;
      if (lock && state.runs.length > 1) this.race.setLock(lock);
      if (run && state.runs[run - 1]) state.pick(state.runs[run - 1]);
      if (clock && state.clocks().some((one) => one.id === clock)) state.clock = clock;
      this.clock.value = state.clock;
      this.tabs.pick(tab || this.tabs.picked || "thoughts");
      if (turn !== null && frame === null) state.playhead.seekTurn(turn - 1);
      else if (frame !== null) state.playhead.seek(frame);
      else if (this.isGrowing(state.run)) state.playhead.follow();
      else state.playhead.seek(state.run.firstFrame);
    }

    link() {
      const { state } = this;
      return pb.link.format({
        frame: state.playhead.frame, clock: state.clock, tab: this.tabs.picked,
        lock: state.lock, run: state.run.place,
      });
    }

    keepAddress() {
      clearTimeout(this.writing);
      this.writing = setTimeout(() => {
        this.written = this.link();
        history.replaceState(null, "", this.written);
      }, LINK_MS);
    }

    moved(what) {
      const { state } = this;
      for (const view of this.screens) {
        view.show(state.frameOf(view.run), { isMoving: state.playhead.isPlaying, speed: state.playhead.speed });
      }
      this.transport.place(state.run);
      this.timeline.place();
      this.race.update();
      if (what !== "move") {
        this.transport.update();
        this.transport.showLive(this.isGrowing(state.run));
      }
      if (what === "pick" || what === "grow") {
        this.header.update();
        this.timeline.draw();
        for (const view of this.screens) view.pick(view.run === state.run);
      }
      this.showPanel(what);
      if (!state.playhead.isPlaying) {
        this.keepAddress();
        this.tellStatus();
      }
    }

    /** Lets the panel that is shown follow; while it plays, at most some times a second. */
    showPanel(what) {
      const panel = this.panels[this.tabs?.picked];
      if (!panel) return;
      if (what === "seek") {
        this.showPanelSoon(PATIENCE);
        this.keepAddress();
        return;
      }
      if (what !== "move") {
        panel.update(what);
        this.keepAddress();
        return;
      }
      if (this.isDue) return;
      this.isDue = true;
      setTimeout(() => {
        this.isDue = false;
        this.panels[this.tabs.picked].update("move");
      }, 120);
    }

    /** Lets the panel follow once the screens are there: to build it takes longer than they do. */
    showPanelSoon(patience) {
      clearTimeout(this.following);
      this.following = setTimeout(() => {
        if (patience && this.screens.some((view) => view.isAsking)) this.showPanelSoon(patience - 1);
        else this.panels[this.tabs.picked].update("seek");
      }, SOON_MS);
    }

    tick(now) {
      const passed = Math.min(now - (this.last ?? now), 250);
      this.last = now;
      const { playhead, runs } = this.state;
      playhead.advance(passed, () => this.screens.every((view, i) =>
        this.state.frameOf(runs[i]) >= runs[i].lastFrame || view.isReady(this.state.frameOf(runs[i]), playhead.speed)));
      requestAnimationFrame((next) => this.tick(next));
    }

    tellStatus() {
      clearTimeout(this.telling);
      this.telling = setTimeout(() => say(at("spoken"), this.state.momentWords()), STATUS_MS);
    }

    isGrowing(run) {
      return !run.status.is_over && !run.status.reason && !run.status.fault && run.source.follow !== undefined;
    }

    toEnd() {
      const { playhead, run } = this.state;
      if (this.isGrowing(run)) playhead.follow();
      else playhead.seek(run.lastFrame);
    }

    /** Follows runs that are not over. */
    follow() {
      const { state } = this;
      for (const run of state.runs) {
        if (!run.source.follow) continue;
        run.source.follow(run.line, {
          onGrowth: (growth) => {
            if (!run.grow(growth)) return;
            if (run === state.run) state.playhead.grown();
            else this.moved("grow");
          },
          onSimulation: (simulation) => {
            const isNews = simulation.state !== run.simulation.state;
            run.simulation = simulation;
            this.header.update();
            this.findBattles(run, isNews);
            if (isNews) this.moved("grow");
            else if (this.tabs.picked === "map") this.showPanel("grow");
          },
          onState: (isConnected) => {
            this.header.isConnected = isConnected;
            this.header.update();
          },
        });
      }
    }

    /** Asks which battles re-simulation has found; while it goes on, now and then. */
    async findBattles(run, isDue) {
      const now = performance.now();
      if (!isDue && now < (run.battlesDue || 0)) return;
      run.battlesDue = now + BATTLES_MS;
      const spans = await run.source.battles().catch(() => []);
      if (run.setBattles(spans) && run === this.state.run) this.timeline.draw();
    }

    clockPicker() {
      const { state } = this;
      this.clock = at("clock");
      this.clock.append(...state.clocks().map((clock) => el("option", { value: clock.id }, clock.title)));
      this.clock.addEventListener("change", () => this.setClock(this.clock.value));
    }

    setClock(clock) {
      this.state.clock = clock;
      this.clock.value = clock;
      this.timeline.draw();
      this.keepAddress();
    }

    nextClock() {
      const ids = this.state.clocks().map((clock) => clock.id);
      this.setClock(ids[(ids.indexOf(this.state.clock) + 1) % ids.length]);
    }

    nextRun() {
      const { runs, run } = this.state;
      this.state.pick(runs[(run.place + 1) % runs.length]);
    }

    async copyLink() {
      this.written = this.link();
      history.replaceState(null, "", this.written);
      const words = await navigator.clipboard.writeText(location.href).then(() => "Link copied", () => "The address bar holds the link");
      const toast = at("toast");
      say(toast, words);
      toast.classList.add("is-on");
      setTimeout(() => toast.classList.remove("is-on"), 1800);
    }

    buttons() {
      at("find").addEventListener("click", () => this.search.open());
      at("copy").addEventListener("click", () => this.copyLink());
      at("show-help").addEventListener("click", () => at("help").showModal());
      at("theme").addEventListener("click", () => this.nextTheme());
      for (const id of ["simulation", "identity"]) {
        at(id).addEventListener("click", () => {
          this.header.explain();
          at("proof").showModal();
        });
      }
      for (const dialog of document.querySelectorAll("dialog")) {
        dialog.querySelector(".close").addEventListener("click", () => dialog.close());
        dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
      }
    }

    nextTheme() {
      const root = document.documentElement;
      const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = isDark ? "light" : "dark";
      this.timeline.draw();
      this.showPanel("pick");
    }

    resize() {
      pb.fitScreens(this.screens);
      this.timeline.draw();
      this.header.update();
      this.moved("pick");
    }
  }

  /** Starts the page with the runs that a source hands out. */
  pb.start = async (runs) => {
    try {
      pb.page = new Page(await runs);
      document.body.dataset.ready = "true";
    } catch (error) {
      at("page").hidden = true;
      fill(at("loading"), el("p.notice.bad", { role: "alert" }, pb.words.visible(error.message)));
      at("loading").hidden = false;
      throw error;
    }
    at("loading").hidden = true;
  };
})((window.Pokebench = window.Pokebench || {}));
