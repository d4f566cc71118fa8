/* Shows a run's screen: the exact frame at once, then films of frames for playing. */
(function (pb) {
  "use strict";

  const { el, say, at } = pb.dom;
  const FILM_FRAMES = 256;
  const FAST_FILM_SCREENS = 64;
  const WIDTH = 160;
  const HEIGHT = 144;
  const WAIT_MS = 350;
  const AHEAD_MS = 500;

  /** How many frames apart the screens of a film are: a display shows some sixty a second, whatever the speed. */
  function everyAt(speed) {
    return speed <= 4 ? 1 : speed;
  }

  /** How many frames a film spans: few, so that it is here soon; more where they are passed fast. */
  function spanOf(every) {
    return every === 1 ? FILM_FRAMES : FAST_FILM_SCREENS * every;
  }

  class ScreenView {
    /** Shows `run` in a figure of its own; `onPick` is called when a person chooses it. */
    constructor(run, isAlone, onPick) {
      this.run = run;
      this.frame = -1;
      this.shown = -1;
      this.canvas = el("canvas.screen", { width: WIDTH, height: HEIGHT, role: "img" });
      this.context = this.canvas.getContext("2d");
      this.note = el("p.screen-note", { hidden: true });
      this.bezel = el("div.bezel", {}, this.canvas, this.note);
      this.standing = el("span.standing");
      const caption = isAlone
        ? null
        : el("button.screen-name", { type: "button", onclick: () => onPick(run) },
          el(`i.swatch.run-${run.place}`), el("b", {}, pb.words.visible(run.name)),
          this.standing);
      this.figure = el("figure.console", {}, caption, this.bezel);
      this.caption = caption;
    }

    /** Shows a frame; `isMoving` while it plays, when films are used and not single frames. */
    show(frame, { isMoving, speed }) {
      this.frame = frame;
      this.isMoving = isMoving;
      if (isMoving && this.drawFromFilm(frame, everyAt(speed))) return;
      if (!isMoving) {
        this.canvas.setAttribute("aria-label", `Screen at frame ${frame}`);
        if (frame !== this.shown && !this.drawFromFilm(frame, 1)) this.fetchFrame();
        this.fetchAhead(everyAt(speed));
      }
    }

    /** Gets the film of a moment that is stayed at, so that playing begins at once. */
    fetchAhead(every) {
      clearTimeout(this.ahead);
      if (!this.run.status.is_over) return;
      this.ahead = setTimeout(() => this.filmOf(this.filmStart(this.frame, every), every), AHEAD_MS);
    }

    /** Whether the film that a frame is in is here; if not, it is asked for. */
    isReady(frame, speed) {
      const every = everyAt(speed);
      const start = this.filmStart(frame, every);
      const film = this.filmOf(start, every);
      const ahead = start + spanOf(every);
      if (ahead <= this.run.lastFrame) this.filmOf(ahead, every);
      return film !== null;
    }

    /** Where the film begins that a frame is in. */
    filmStart(frame, every) {
      const span = spanOf(every);
      return this.run.firstFrame + Math.floor((frame - this.run.firstFrame) / span) * span;
    }

    /** A film if it is here; else null, and it is on its way. */
    filmOf(start, every) {
      const key = `${start}/${every}`;
      this.films = this.films || new Map();
      const known = this.films.get(key);
      if (known) return known.film;
      const entry = { film: null, last: this.run.lastFrame };
      this.films.set(key, entry);
      if (this.films.size > 24) this.films.delete(this.films.keys().next().value);
      this.run.source.film(start, every, spanOf(every) / every).then(
        (film) => { entry.film = film; },
        (error) => { this.films.delete(key); this.fail(error); },
      );
      return null;
    }

    drawFromFilm(frame, every) {
      const start = this.filmStart(frame, every);
      const known = this.films && this.films.get(`${start}/${every}`);
      if (!known || !known.film) return false;
      const index = Math.floor((frame - start) / every);
      if (index >= known.film.frames) {
        if (this.run.lastFrame > known.last) {
          this.films.delete(`${start}/${every}`);
          this.run.source.dropFilm(start, every);
        }
        return false;
      }
      this.context.putImageData(known.film.image(index), 0, 0);
      this.shown = every === 1 ? frame : -1;
      this.fail(null);
      return true;
    }

    /** Asks for the frame that is wanted; one at a time, so that a run in progress is not outrun. */
    async fetchFrame() {
      if (this.isAsking) return;
      this.isAsking = true;
      const waiting = setTimeout(() => this.wait(), WAIT_MS);
      const frame = this.frame;
      try {
        const image = await this.run.source.screen(frame);
        if (!this.isMoving) {
          this.context.drawImage(image, 0, 0);
          this.shown = frame;
        }
        this.fail(null);
      } catch (error) {
        this.shown = -1;
        if (frame === this.frame) this.fail(error);
      }
      clearTimeout(waiting);
      this.isAsking = false;
      if (frame !== this.frame && !this.isMoving) this.fetchFrame();
    }

    /** Says that a screen takes its time: before a run is indexed, the way to it is long. */
    wait() {
      this.note.hidden = false;
      this.note.classList.remove("is-fault");
      say(this.note, "Re-simulating up to this moment …");
    }

    /** Says why there is no screen; null if there is one. */
    fail(error) {
      this.note.hidden = error === null;
      this.note.classList.add("is-fault");
      if (error !== null) say(this.note, pb.words.visible(error.message));
    }

    pick(isPicked) {
      this.figure.classList.toggle("picked", isPicked);
      this.caption?.setAttribute("aria-pressed", String(isPicked));
    }
  }

  /** What header, faults and timeline take of the window's height. */
  function heads() {
    return ["top", "fault", "line"].reduce((sum, id) => sum + at(id).offsetHeight, 0);
  }

  /** Makes each screen as large as whole pixels of the display allow. */
  function fit(views) {
    const isPhone = window.innerWidth < 900;
    const across = views.length === 1 ? 1 : 2;
    const edge = !isPhone ? 20 : across === 2 && window.innerWidth < 720 ? 6 : 12;
    const room = isPhone ? (window.innerWidth - 20 - 6 * (across - 1)) / across : across === 1 ? 560 : 350;
    const tall = isPhone || views.length > 2 ? Infinity : window.innerHeight - heads() - (views.length > 1 ? 290 : 152);
    const ratio = window.devicePixelRatio || 1;
    const most = Math.min((room - edge) / WIDTH, tall / HEIGHT) * ratio;
    const scale = Math.max(Math.floor(most), Math.ceil(ratio)) / ratio;
    for (const view of views) {
      view.canvas.style.width = `${WIDTH * scale}px`;
      view.canvas.style.height = `${HEIGHT * scale}px`;
    }
  }

  pb.ScreenView = ScreenView;
  pb.fitScreens = fit;
})((window.Pokebench = window.Pokebench || {}));
