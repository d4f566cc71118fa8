/* Keeps what was asked for last. */
(function (pb) {
  "use strict";

  /** Keeps the latest answers, so that going back asks nobody. */
  class Kept {
    constructor(most) {
      this.most = most;
      this.answers = new Map();
    }

    get(key, make) {
      let answer = this.answers.get(key);
      if (answer === undefined) {
        answer = make();
        answer.catch(() => this.answers.delete(key));
      }
      this.answers.delete(key);
      this.answers.set(key, answer);
      if (this.answers.size > this.most) this.answers.delete(this.answers.keys().next().value);
      return answer;
    }

    drop(key) {
      this.answers.delete(key);
    }
  }

  pb.Kept = Kept;
})((window.Pokebench = window.Pokebench || {}));
