/* The map with the path walked: a generated world's own picture, or the tiles that were trodden. */
(function (pb) {
  "use strict";

  const { el, fill, fitted, colour, say } = pb.dom;
  const TRAIL = 400;
  const CLOSE = 30;

  class MapView {
    constructor(state, panel) {
      this.state = state;
      this.panel = panel;
      this.canvas = el("canvas.map", { role: "img", "aria-label": "Map" });
      this.where = el("p.where");
      this.whole = el("button.quiet", { type: "button", "aria-pressed": "false", onclick: () => {
        this.isWhole = !this.isWhole;
        this.whole.setAttribute("aria-pressed", String(this.isWhole));
        this.draw();
      } }, "Whole world");
      this.note = el("p.faint");
      this.told = new Map();
    }

    async update() {
      const { run } = this.state;
      if (!this.canvas.isConnected) {
        fill(this.panel, el("div.map-head", {}, this.where, this.whole), this.canvas, this.note);
      }
      this.draw();
      const known = this.told.get(run.place);
      if (known === undefined || (known !== null && known.upTo !== run.simulation.frame)) {
        await this.load(run, known);
        if (this.state.run === run) this.draw();
      }
    }

    /** Asks for the map, and for the way as far as the run was re-simulated. */
    async load(run, known) {
      const upTo = run.simulation.frame;
      this.told.set(run.place, null);
      if (!known) say(this.note, "Drawing the map …");
      try {
        const [map, path] = await Promise.all([known?.map.image ? known.map : run.source.map(), run.source.path()]);
        this.told.set(run.place, { map, path, upTo });
      } catch (error) {
        this.told.delete(run.place);
        say(this.note, pb.words.visible(error.message));
      }
    }

    draw() {
      const { run } = this.state;
      const told = this.told.get(run.place);
      if (!told || !this.canvas.isConnected) return;
      const { map, path } = told;
      const frame = this.state.frameOf(run);
      const now = pb.upperBound(path.frame, frame) - 1;
      const place = now >= 0 ? map.places[path.place[now]] : null;
      const steps = now + 1;
      say(this.where, place ? `${place.name}, column ${path.x[now]}, row ${path.y[now]}` : "Not walking yet");
      const isWhole = !["pending", "running"].includes(run.simulation.state);
      say(this.note, isWhole ? `${pb.words.plural(steps, "step")} walked by now.` : "Re-simulating to find the way; more appears soon.");
      this.whole.hidden = !map.image;
      const area = this.area(map, path, now, place);
      if (!area) return;
      const { context, width, height } = fitted(this.canvas);
      const isClose = area !== null && place && !(this.isWhole && map.image);
      const fit = Math.min(width / area.width, height / area.height);
      const scale = isClose ? Math.max(fit, CLOSE / place.unit) : fit;
      const here = isClose ? this.spot(map, path, now) : null;
      context.save();
      context.translate(
        this.shift(width / scale, area.x, area.width, here?.x) * scale,
        this.shift(height / scale, area.y, area.height, here?.y) * scale,
      );
      context.scale(scale, scale);
      context.beginPath();
      context.rect(area.x, area.y, area.width, area.height);
      context.clip();
      context.imageSmoothingEnabled = scale < 1;
      if (map.image) context.drawImage(map.image, 0, 0);
      this.drawPath(context, map, path, now, scale);
      context.restore();
      this.canvas.setAttribute("aria-label", place ? `Map: the player stands in ${place.name}` : "Map");
    }

    /** How far an axis is moved so that `here` is in the middle, and no room is wasted at the edges. */
    shift(room, from, size, here) {
      if (size <= room || here === undefined) return (room - size) / 2 - from;
      return Math.min(Math.max(room / 2 - here, room - size - from), -from);
    }

    /** What part of the map is shown. */
    area(map, path, now, place) {
      if (map.image && (this.isWhole || !place)) return { x: 0, y: map.top || 0, width: map.width, height: map.height - (map.top || 0) };
      if (!place) return null;
      if (map.image) {
        return { x: place.left - 8, y: place.top - 8, width: place.width * place.unit + 16, height: place.height * place.unit + 16 };
      }
      const cells = [];
      for (let i = 0; i <= now; i += 1) if (path.place[i] === path.place[now]) cells.push([path.x[i], path.y[i]]);
      const xs = cells.map((cell) => cell[0]);
      const ys = cells.map((cell) => cell[1]);
      const [left, top] = [Math.min(...xs) - 2, Math.min(...ys) - 2];
      const across = Math.max(Math.max(...xs) + 3 - left, 20);
      const down = Math.max(Math.max(...ys) + 3 - top, 14);
      return { x: left * 16, y: top * 16, width: across * 16, height: down * 16 };
    }

    spot(map, path, i) {
      const place = map.places[path.place[i]];
      if (!place) return null;
      return { x: place.left + (path.x[i] + 0.5) * place.unit, y: place.top + (path.y[i] + 0.5) * place.unit, unit: place.unit, place };
    }

    drawPath(context, map, path, now, scale) {
      const ink = colour("path");
      this.drawTrodden(context, map, path, now, ink);
      context.strokeStyle = ink;
      context.lineJoin = "round";
      context.lineCap = "round";
      let last = null;
      for (let i = Math.max(now - TRAIL, 0); i <= now; i += 1) {
        const spot = this.spot(map, path, i);
        if (spot && last && spot.place === last.place) {
          context.globalAlpha = 0.25 + 0.75 * (1 - (now - i) / TRAIL);
          context.lineWidth = Math.max(spot.unit / 5, 1.5 / scale);
          context.beginPath();
          context.moveTo(last.x, last.y);
          context.lineTo(spot.x, spot.y);
          context.stroke();
        }
        last = spot;
      }
      context.globalAlpha = 1;
      if (!last) return;
      const radius = Math.max(last.unit * 0.4, 5 / scale);
      context.beginPath();
      context.arc(last.x, last.y, radius, 0, 2 * Math.PI);
      context.fillStyle = ink;
      context.fill();
      context.lineWidth = Math.max(last.unit / 8, 1.5 / scale);
      context.strokeStyle = "#fff";
      context.stroke();
    }

    /** Shades every cell that was ever stood on, by now. */
    drawTrodden(context, map, path, now, ink) {
      const seen = new Set();
      context.fillStyle = ink;
      context.globalAlpha = 0.2;
      for (let i = 0; i <= now; i += 1) {
        const key = (path.place[i] * 1024 + path.y[i]) * 1024 + path.x[i];
        if (seen.has(key)) continue;
        seen.add(key);
        const spot = this.spot(map, path, i);
        if (spot) context.fillRect(spot.x - spot.unit / 2, spot.y - spot.unit / 2, spot.unit, spot.unit);
      }
      context.globalAlpha = 1;
    }
  }

  pb.MapView = MapView;
})((window.Pokebench = window.Pokebench || {}));
