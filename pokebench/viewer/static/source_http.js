/* Where a run's data comes from when a server has it. `source_files.js` does the same from files. */
(function (pb) {
  "use strict";

  const KEPT_CHUNKS = 40;
  const PROGRESS_MS = 600;

  async function fetched(path, signal) {
    const answer = await fetch(path, { signal, cache: "no-store" });
    if (!answer.ok) throw new Error((await answer.text()).slice(0, 500) || answer.statusText);
    return answer;
  }

  const json = async (path, signal) => (await fetched(path, signal)).json();

  class HttpSource {
    /** Asks for run number `place`. */
    constructor(place) {
      this.base = `api/${place}`;
      this.chunks = new pb.Kept(KEPT_CHUNKS);
      this.films = new pb.Kept(24);
      this.canSearch = true;
    }

    /** A chunk of turns with all that was said in them. */
    async turns(chunk, line) {
      const told = await this.chunks.get(chunk, () => json(`${this.base}/turns/${chunk}`));
      if (told.is_whole || told.asOf === line) return told;
      if (told.asOf === undefined) {
        told.asOf = line;
        return told;
      }
      this.chunks.drop(chunk);
      return this.turns(chunk, line);
    }

    raw(line) {
      return fetched(`${this.base}/raw/${line}`).then((answer) => answer.text());
    }

    /** What the agent saw before a turn: `{ text }`. */
    saw(turn) {
      return json(`${this.base}/saw/${turn}`);
    }

    search(words, signal) {
      return json(`${this.base}/search?q=${encodeURIComponent(words)}`, signal);
    }

    /** The exact screen of a frame, as something that can be drawn. */
    async screen(frame, signal) {
      const answer = await fetched(`${this.base}/screen/${frame}`, signal);
      return createImageBitmap(await answer.blob());
    }

    /** A film of `count` screens from frame `start` on, every `every`-th of them. */
    film(start, every, count) {
      return this.films.get(`${start}/${every}`, async () => {
        const answer = await fetched(`${this.base}/screens/${start}?every=${every}&count=${count}`);
        return pb.filmOf(new Uint8Array(await answer.arrayBuffer()));
      });
    }

    dropFilm(start, every) {
      this.films.drop(`${start}/${every}`);
    }

    /** Places and how they are drawn; `picture` is an image, or null. */
    async map() {
      const told = await json(`${this.base}/map`);
      if (told.picture) {
        const answer = await fetched(`${this.base}/map.png`);
        told.image = await createImageBitmap(await answer.blob());
      }
      return told;
    }

    /** Where the player stood: columns `frame`, `place`, `x`, `y`. */
    path() {
      return json(`${this.base}/path`);
    }

    /** The battles, as pairs of frames. */
    async battles() {
      return (await json(`${this.base}/battles`)).spans;
    }

    /** Tells what is recorded from now on, for as long as the page is open. */
    follow(line, { onGrowth, onSimulation, onState }) {
      const events = new EventSource(`${this.base}/live?after=${line}`);
      events.addEventListener("growth", (event) => onGrowth(JSON.parse(event.data)));
      events.addEventListener("simulation", (event) => onSimulation(JSON.parse(event.data)));
      events.addEventListener("open", () => onState(true));
      events.addEventListener("error", () => onState(false));
      return events;
    }
  }

  /** Tells how many percent of the records the server has read, until it answers. */
  async function tellProgress(answer, onProgress) {
    let isHere = false;
    const end = () => { isHere = true; };
    answer.then(end, end);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, PROGRESS_MS));
      const { read, of } = isHere ? {} : await json("api/opening").catch(() => ({}));
      if (isHere) return;
      if (of > 0) onProgress(Math.min(Math.floor((100 * read) / of), 99));
    }
  }

  /** All runs that this page shows, as they are told; until then `onProgress` is given percents. */
  HttpSource.runs = async (onProgress) => {
    const answer = json("api/runs");
    tellProgress(answer, onProgress);
    const told = await answer;
    return told.map((run, place) => new pb.Run(place, run, new HttpSource(place)));
  };

  pb.HttpSource = HttpSource;
})((window.Pokebench = window.Pokebench || {}));
