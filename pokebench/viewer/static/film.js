/* Films of screens, decoded; what is drawn from one is exact to the pixel. */
(function (pb) {
  "use strict";

  /** A film of screens from its bytes: `image(index)` gives one, good until the next is asked for. */
  async function filmOf(bytes) {
    const chunk = await PokebenchScreens.open(bytes);
    const image = new ImageData(160, 144);
    return {
      frames: chunk.frames,
      image(index) {
        chunk.draw(index, image.data);
        return image;
      },
    };
  }

  pb.filmOf = filmOf;
})((window.Pokebench = window.Pokebench || {}));
