/* Starts the page on what its server has. */
(function (pb) {
  "use strict";

  const words = document.querySelector("#loading p");
  pb.start(pb.HttpSource.runs((percent) => pb.dom.say(words, `Reading the record … ${percent} %`)));
})(window.Pokebench);
