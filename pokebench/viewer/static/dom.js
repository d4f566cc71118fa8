/* Makes elements. All text goes in as text: nothing that comes from a run can become an element. */
(function (pb) {
  "use strict";

  /**
   * Makes an element: `el("p.note", { title: "…" }, "words", child, null)`.
   * Functions among the properties are listeners: `{ onclick: f }`.
   */
  function el(kind, properties, ...children) {
    const [tag, ...classes] = kind.split(".");
    const made = document.createElement(tag);
    if (classes.length) made.className = classes.join(" ");
    for (const [name, value] of Object.entries(properties || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") made.addEventListener(name.slice(2), value);
      else made.setAttribute(name, value === true ? "" : String(value));
    }
    put(made, ...children);
    return made;
  }

  /** Appends elements and words. */
  function put(parent, ...children) {
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return parent;
  }

  /** Replaces what an element holds. */
  function fill(parent, ...children) {
    parent.replaceChildren();
    return put(parent, ...children);
  }

  /** Sets words only where they changed, so that nothing is laid out in vain. */
  function say(element, words) {
    if (element.textContent !== words) element.textContent = words;
  }

  const at = (id) => document.getElementById(id);

  /** A drawing surface fitted to its place and the display; returns its context and size. */
  function fitted(canvas) {
    const box = canvas.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(Math.round(box.width * ratio), 1);
    const height = Math.max(Math.round(box.height * ratio), 1);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, box.width, box.height);
    return { context, width: box.width, height: box.height };
  }

  /** A colour of the theme. */
  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  /** Text in which a word that is searched for is marked. */
  function marked(text, wanted) {
    if (!wanted) return [text];
    const parts = [];
    const low = text.toLowerCase();
    const needle = wanted.toLowerCase();
    let from = 0;
    for (let found = low.indexOf(needle); found >= 0 && parts.length < 400; ) {
      parts.push(text.slice(from, found), el("mark", {}, text.slice(found, found + needle.length)));
      from = found + needle.length;
      found = low.indexOf(needle, from);
    }
    parts.push(text.slice(from));
    return parts;
  }

  pb.dom = { el, put, fill, say, at, fitted, colour, marked };
})((window.Pokebench = window.Pokebench || {}));
