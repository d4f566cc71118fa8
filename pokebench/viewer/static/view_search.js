/* Finds words in what the model thought and said. */
(function (pb) {
  "use strict";

  const { el, fill, say, at } = pb.dom;
  const { visible } = pb.words;
  const KINDS = { thinking: "thought", text: "said", arguments: "tool", detail: "detail", handover: "hand-over", notes: "notes" };

  class SearchView {
    constructor(state, thoughts) {
      this.state = state;
      this.thoughts = thoughts;
      this.form = at("search");
      this.field = at("search-words");
      this.list = at("search-hits");
      this.count = at("search-count");
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (this.asked === this.field.value) this.step(1);
        else this.search();
      });
      this.field.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.close();
        if (event.key === "Enter" && event.shiftKey) {
          event.preventDefault();
          this.step(-1);
        }
      });
      at("search-next").addEventListener("click", () => this.step(1));
      at("search-back").addEventListener("click", () => this.step(-1));
      at("search-close").addEventListener("click", () => this.close());
    }

    open() {
      this.form.hidden = false;
      this.field.focus();
      this.field.select();
    }

    close() {
      this.asking?.abort();
      this.form.hidden = true;
      this.list.hidden = true;
      this.asked = null;
      this.hits = [];
      this.thoughts.mark("");
      at("find").focus();
    }

    async search() {
      const words = this.field.value.trim();
      this.asking?.abort();
      if (!words) return;
      this.asking = new AbortController();
      this.asked = this.field.value;
      say(this.count, "searching …");
      try {
        const told = await this.state.run.source.search(words, this.asking.signal,
          (share) => say(this.count, `searching … ${Math.floor(100 * share)} %`));
        this.show(words, told);
      } catch (error) {
        if (error.name !== "AbortError") say(this.count, visible(error.message));
      }
    }

    show(words, told) {
      this.hits = told.hits;
      this.at = -1;
      this.more = told.more ? "+" : "";
      this.thoughts.mark(words);
      this.list.hidden = !told.hits.length;
      const { run } = this.state;
      fill(this.list, told.hits.map((hit, i) => el("li", {},
        el("button.hit", { type: "button", onclick: () => this.go(i) },
          el("span.hit-where", {}, `turn ${pb.words.count(hit.turn + 1)} · ${pb.words.gameTime(hit.frame, run.framesPerSecond)} · ${KINDS[hit.kind] || hit.kind}`),
          el("span.hit-words", {}, visible(hit.before), el("mark", {}, visible(hit.match)), visible(hit.after))))));
      if (told.hits.length) {
        const frame = this.state.frameOf(run);
        const next = told.hits.findIndex((hit) => hit.frame >= frame);
        this.go(next < 0 ? 0 : next);
      } else say(this.count, "nothing found");
    }

    step(by) {
      if (!this.hits?.length) return;
      this.go((this.at + by + this.hits.length) % this.hits.length);
    }

    go(index) {
      this.at = index;
      const hit = this.hits[index];
      this.list.children[index]?.firstChild.setAttribute("aria-current", "true");
      for (const [i, item] of [...this.list.children].entries()) {
        if (i !== index) item.firstChild.removeAttribute("aria-current");
      }
      this.list.children[index]?.scrollIntoView({ block: "nearest" });
      say(this.count, `${index + 1} of ${this.hits.length}${this.more}`);
      this.state.seekIn(this.state.run, hit.frame);
    }
  }

  pb.SearchView = SearchView;
})((window.Pokebench = window.Pokebench || {}));
