/* Tabs with one of them in the order of focus; arrows go from one to the next. */
(function (pb) {
  "use strict";

  const { at } = pb.dom;

  class Tabs {
    /** `onPick` is told which tab is shown. */
    constructor(onPick) {
      this.onPick = onPick;
      this.list = at("tabs");
      this.buttons = [...this.list.querySelectorAll("[role=tab]")];
      for (const button of this.buttons) {
        button.addEventListener("click", () => this.pick(button.dataset.tab));
      }
      this.list.addEventListener("keydown", (event) => this.key(event));
    }

    pick(id) {
      this.picked = id;
      for (const button of this.buttons) {
        const isPicked = button.dataset.tab === id;
        button.setAttribute("aria-selected", String(isPicked));
        button.tabIndex = isPicked ? 0 : -1;
        at(`panel-${button.dataset.tab}`).hidden = !isPicked;
      }
      this.onPick(id);
    }

    key(event) {
      const now = this.buttons.findIndex((button) => button.dataset.tab === this.picked);
      const last = this.buttons.length - 1;
      const to = { ArrowRight: now === last ? 0 : now + 1, ArrowLeft: now ? now - 1 : last, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.pick(this.buttons[to].dataset.tab);
      this.buttons[to].focus();
    }
  }

  pb.Tabs = Tabs;
})((window.Pokebench = window.Pokebench || {}));
