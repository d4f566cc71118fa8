/* Numbers, times and untrusted text, in words. Touches no page. */
(function (pb) {
  "use strict";

  const BUTTONS = {
    U: { name: "up", sign: "↑" },
    D: { name: "down", sign: "↓" },
    L: { name: "left", sign: "←" },
    R: { name: "right", sign: "→" },
    A: { name: "A", sign: "A" },
    B: { name: "B", sign: "B" },
    T: { name: "select", sign: "Select" },
    S: { name: "start", sign: "Start" },
    ".": { name: "wait", sign: "·" },
  };

  /** Game time of some frames as h:mm:ss. */
  function gameTime(frames, framesPerSecond) {
    return clockTime(frames / framesPerSecond);
  }

  function clockTime(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const two = (n) => String(n).padStart(2, "0");
    return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  }

  /** A time with its sign, for who is ahead: −0:42, +1:02:10. */
  function signedTime(seconds) {
    const size = Math.abs(seconds);
    if (size < 1) return "±0";
    const long = clockTime(size);
    const short = size < 600 ? long.slice(3) : size < 3600 ? long.slice(2) : long;
    return `${seconds < 0 ? "−" : "+"}${short}`;
  }

  const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

  function count(value) {
    return WHOLE.format(Math.round(value));
  }

  /** A count in few characters: 940, 12.3 k, 4.56 M. */
  function shortCount(value) {
    if (value < 10000) return count(value);
    if (value < 1e6) return `${(value / 1e3).toFixed(value < 1e5 ? 1 : 0)} k`;
    return `${(value / 1e6).toFixed(value < 1e8 ? 2 : 0)} M`;
  }

  function dollars(value) {
    if (value > 0 && value < 0.01) return `$${value.toFixed(4)}`;
    return `$${value.toFixed(2)}`;
  }

  function seconds(value) {
    if (value < 10) return `${value.toFixed(1)} s`;
    return value < 90 ? `${Math.round(value)} s` : clockTime(value);
  }

  function plural(number, word) {
    return `${count(number)} ${word}${number === 1 ? "" : "s"}`;
  }

  /* Characters that cannot be seen, or that turn the text around them, are shown as signs. */
  const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

  /** Untrusted text as it can be shown: every character that would hide or turn others is named. */
  function visible(text) {
    return String(text).replace(UNSEEN, (character) => {
      if (character === "\r") return "";
      return `⟨${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
    });
  }

  /** Words of an identifier: budget_turns becomes "budget turns". */
  function spaced(id) {
    return String(id).replaceAll("_", " ");
  }

  pb.words = {
    BUTTONS, gameTime, clockTime, signedTime, count, shortCount, dollars, seconds, plural, visible,
    spaced,
  };
})((window.Pokebench = window.Pokebench || {}));
