/* Where a run's data comes from when it was exported: scripts beside the page, or blocks in it.
 *
 * A page that is opened from a file may load scripts and nothing else. So each piece of data is a
 * script that hands over one text, `PokebenchData(12, "…base64…")`, and is loaded when it is needed.
 */
(function (pb) {
  "use strict";

  const FORMAT = "pokebench-export/1";
  const PATH = /^data\/\d{6}\.js$/;
  const KEPT_PIECES = 60;
  const KEPT_REELS = 24;
  const MOST_HITS = 500;
  const AROUND = 60;

  const policy = window.trustedTypes?.createPolicy("pokebench-data", {
    createScriptURL(path) {
      if (!PATH.test(path)) throw new TypeError("this page loads its own data only");
      return path;
    },
  });
  const waiting = new Map();
  window.PokebenchData = (number, text) => waiting.get(number)?.(text);

  const named = (number) => String(number).padStart(6, "0");

  /** The text of a piece, from a block in the page or from a script beside it. */
  function textOf(number) {
    const block = document.getElementById(`data-${named(number)}`);
    if (block) return Promise.resolve(block.textContent);
    return new Promise((resolve, reject) => {
      const path = `data/${named(number)}.js`;
      const script = document.createElement("script");
      const end = (settle, value) => {
        waiting.delete(number);
        script.remove();
        settle(value);
      };
      waiting.set(number, (text) => end(resolve, text));
      script.onerror = () => end(reject, new Error(`${path} is missing`));
      script.onload = () => {
        if (waiting.has(number)) end(reject, new Error(`${path} is damaged`));
      };
      script.src = policy ? policy.createScriptURL(path) : path;
      document.head.append(script);
    });
  }

  function bytesOf(text) {
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    return bytes;
  }

  async function sha256(bytes) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** All pieces of an export; each is checked by its hash, where the browser lends the means. */
  class Pieces {
    constructor() {
      this.kept = new pb.Kept(KEPT_PIECES);
      this.hashes = null;
    }

    bytes(number) {
      return this.kept.get(number, async () => {
        const bytes = bytesOf(await textOf(number));
        const wanted = this.hashes?.[number];
        if (wanted && window.crypto?.subtle && (await sha256(bytes)) !== wanted) {
          throw new Error(`data/${named(number)}.js is damaged: its hash is another`);
        }
        return bytes;
      });
    }

    /** A piece that is JSON: its length as u32, then a zlib stream. */
    async json(number) {
      const bytes = await this.bytes(number);
      const size = new DataView(bytes.buffer).getUint32(0, true);
      const whole = await PokebenchScreens.inflate(bytes.subarray(4), size);
      return JSON.parse(new TextDecoder().decode(whole));
    }
  }

  /** The texts of a part that can be searched, each with what it is; `search.py` has the same. */
  function* searchable(part, said) {
    if (part.kind === "act" && part.text === said) return;
    for (const name of ["thinking", "text", "detail", "handover"]) {
      if (part[name]) yield [part.kind === "notes" ? "notes" : name, part[name]];
    }
    for (const tool of part.tools || []) yield ["arguments", tool.arguments];
  }

  /** The end of a text from the first whole word on. */
  function fromWord(text) {
    return text.length === AROUND && text.includes(" ") ? text.slice(text.indexOf(" ") + 1) : text;
  }

  function hitOf(turn, frame, kind, text, wanted) {
    const at = text.toLowerCase().indexOf(wanted);
    if (at < 0) return null;
    const end = at + wanted.length;
    return {
      turn, frame, kind, match: text.slice(at, end), after: text.slice(end, end + AROUND),
      before: fromWord(text.slice(Math.max(at - AROUND, 0), at)),
    };
  }

  class FileSource {
    /** Hands out one run: `plan` says which pieces it is made of. */
    constructor(pieces, plan, told) {
      this.found = told.battles || [];
      this.pieces = pieces;
      this.plan = plan;
      this.every = plan.screens.every;
      this.frames = told.growth.turns.frame;
      this.lastFrame = told.growth.last_frame;
      this.reels = new pb.Kept(KEPT_REELS);
      this.stills = new pb.Kept(KEPT_REELS);
    }

    /** A chunk of turns with all that was said in them. */
    turns(chunk) {
      return this.pieces.json(this.plan.turns[Math.min(chunk, this.plan.turns.length - 1)]);
    }

    async raw(line) {
      const lines = await this.pieces.json(this.plan.raw[Math.floor((line - 1) / this.plan.raw_lines)]);
      return lines[(line - 1) % this.plan.raw_lines];
    }

    async saw(turn) {
      const seen = await this.pieces.json(this.plan.saw[Math.floor(turn / this.plan.saw_turns)]);
      return seen[turn % this.plan.saw_turns];
    }

    /** Looks through all chunks, and tells `onProgress` which share of them is done. */
    async search(words, signal, onProgress) {
      const wanted = words.toLowerCase().slice(0, 200);
      const hits = [];
      let said = "";
      const last = this.plan.turns.length - 1;
      for (let chunk = 0; chunk <= last; chunk++) {
        signal?.throwIfAborted();
        onProgress?.(chunk / (last + 1));
        const told = await this.turns(chunk);
        const rest = { turn: this.frames.length, parts: chunk === last ? told.rest : [] };
        for (const { turn, parts } of [...told.turns, rest]) {
          for (const part of parts) {
            for (const [kind, text] of searchable(part, said)) {
              const hit = hitOf(turn, this.frames[turn] ?? this.lastFrame, kind, text, wanted);
              if (hit && hits.length === MOST_HITS) return { hits, more: true };
              if (hit) hits.push(hit);
            }
            if (part.kind === "call") said = part.text;
          }
        }
      }
      return { hits, more: false };
    }

    /** The screen of a frame, as something that can be drawn. */
    async screen(frame, signal) {
      const { reel, index } = this.place(frame);
      const chunk = await this.open(this.stills, reel);
      signal?.throwIfAborted();
      const image = new ImageData(160, 144);
      chunk.draw(Math.min(index, chunk.frames - 1), image.data);
      return createImageBitmap(image);
    }

    /** A film of `most` screens from frame `start` on, every `every`-th of them. */
    async film(start, every, most) {
      const left = Math.ceil((this.plan.screens.frames - start) / every);
      const count = Math.min(most, left);
      if (count < 1) throw new Error(`the screens end at frame ${this.plan.screens.frames - 1}`);
      const places = Array.from({ length: count }, (_, i) => this.place(start + i * every));
      const chunks = new Map();
      await Promise.all([...new Set(places.map((place) => place.reel))].map(async (reel) => {
        chunks.set(reel, await this.open(this.reels, reel));
      }));
      const image = new ImageData(160, 144);
      return {
        frames: count,
        image(number) {
          const { reel, index } = places[number];
          const chunk = chunks.get(reel);
          chunk.draw(Math.min(index, chunk.frames - 1), image.data);
          return image;
        },
      };
    }

    dropFilm() {}

    /** The frame whose screen is shown at a frame: where not each was exported, the one before. */
    shownAt(frame) {
      const { reel, index } = this.place(frame);
      const { every, reel_frames: long } = this.plan.screens;
      return reel * long + index * every;
    }

    /** The reel that a frame is on, and where. */
    place(frame) {
      const { frames, every, reel_frames: long } = this.plan.screens;
      const known = Math.min(frame, frames - 1);
      return { reel: Math.floor(known / long), index: Math.floor((known % long) / every) };
    }

    open(kept, reel) {
      return kept.get(reel, async () =>
        PokebenchScreens.open(await this.pieces.bytes(this.plan.screens.reels[reel])));
    }

    /** Places and how they are drawn; `picture` is an image, or null. */
    async map() {
      const told = await this.pieces.json(this.plan.map);
      if (this.plan.picture !== null) {
        const png = new Blob([await this.pieces.bytes(this.plan.picture)], { type: "image/png" });
        told.image = await createImageBitmap(png);
      }
      return told;
    }

    /** Where the player stood: columns `frame`, `place`, `x`, `y`. */
    path() {
      return this.pieces.json(this.plan.path);
    }

    /** The battles, as pairs of frames. */
    async battles() {
      return this.found;
    }
  }

  /** All runs that were exported. */
  FileSource.runs = async () => {
    if (!window.DecompressionStream) {
      throw new Error("This page needs a newer browser: Chrome 103, Firefox 113, Safari 16.4 or later.");
    }
    const pieces = new Pieces();
    const index = await pieces.json(0);
    if (index.format !== FORMAT) throw new Error("This export is of another version.");
    pieces.hashes = index.sha256;
    return Promise.all(index.runs.map(async (plan, place) => {
      const told = await pieces.json(plan.told);
      return new pb.Run(place, told, new FileSource(pieces, plan, told));
    }));
  };

  pb.FileSource = FileSource;
})((window.Pokebench = window.Pokebench || {}));
