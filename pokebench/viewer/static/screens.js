/* Reads the chunks of screens that pokebench/viewer/screens.py makes; the format is told there.
 *
 *   const chunk = await PokebenchScreens.open(bytes);    // rejects if the chunk is damaged
 *   chunk.frames                                         // how many frames it holds
 *   chunk.draw(frame, image.data);                       // fills 160 × 144 RGBA pixels
 *
 * A chunk is checked whole when it is opened, so that drawing cannot fail. It never touches the
 * page, and nothing that a chunk states makes it take more than MAX_BYTES of memory.
 */
var PokebenchScreens = (() => {
  "use strict";

  const WIDTH = 160;
  const HEIGHT = 144;
  const PIXELS = WIDTH * HEIGHT;
  const COLUMNS = 20;
  const PLACES = 360;
  const TILE = 64;
  const MAGIC = 0x31534250; // "PBS1"
  const HEADER_BYTES = 24;
  const RECORD_BYTES = 49;
  const MAX_FRAMES = 1 << 16;
  const MAX_COLOURS = 1 << 16;
  const MAX_BYTES = 1 << 27;

  /** Inflate a zlib stream that must hold `size` bytes. */
  async function inflate(bytes, size) {
    if (!(size <= MAX_BYTES)) throw new RangeError("data is longer than any that is made");
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const reader = stream.getReader();
    const whole = new Uint8Array(size);
    let at = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      if (at + value.length > size) {
        reader.cancel().catch(() => {});
        throw new RangeError("data is longer than it states");
      }
      whole.set(value, at);
      at += value.length;
    }
    if (at !== size) throw new RangeError("data is shorter than it states");
    return whole;
  }

  /** Return how many bits a pixel has. */
  function bitsOf(colours) {
    return [1, 2, 4, 8, 16].find((bits) => colours <= 1 << bits);
  }

  /** Return the counts that a chunk states. */
  function readHeader(bytes) {
    if (bytes.length < HEADER_BYTES) throw new RangeError("no chunk of screens");
    const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
    const [magic, frames, screens, colours, tiles, changes] = [0, 4, 8, 12, 16, 20].map((at) =>
      view.getUint32(at, true),
    );
    const isPossible =
      magic === MAGIC && screens > 0 && screens <= frames && frames <= MAX_FRAMES &&
      colours > 0 && colours <= MAX_COLOURS;
    if (!isPossible) throw new RangeError("no chunk of screens");
    return { frames, screens, colours, tiles, changes, bits: bitsOf(colours) };
  }

  /** Return the colours as RGBA words in the machine's own byte order. */
  function readPalette(rgb, colours) {
    const rgba = new Uint8Array(colours * 4).fill(255);
    for (let i = 0; i < colours; i++) rgba.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
    return new Uint32Array(rgba.buffer);
  }

  /** Return all tiles' pixels as colour numbers. */
  function readTiles(packed, header) {
    const { tiles, bits, colours } = header;
    const pixels = new Uint16Array(tiles * TILE);
    const mask = (1 << bits) - 1;
    for (let i = 0; i < pixels.length; i++) {
      const at = i * bits;
      const low = packed[at >> 3] >> (at & 7);
      const number = bits === 16 ? packed[i * 2] | (packed[i * 2 + 1] << 8) : low & mask;
      if (number >= colours) throw new RangeError("a tile has a colour that there is not");
      pixels[i] = number;
    }
    return pixels;
  }

  /** Return which tile each change takes. */
  function readChanges(planes, header) {
    const { changes, tiles } = header;
    const numbers = new Uint32Array(changes);
    let newest = 0;
    for (let i = 0; i < changes; i++) {
      const n = planes[i] | (planes[i + changes] << 8) | (planes[i + 2 * changes] << 16);
      numbers[i] = (n === 0 ? ++newest : n) - 1;
      if (numbers[i] >= tiles) throw new RangeError("a change takes a tile that there is not");
    }
    return numbers;
  }

  /** Return for each screen the frame it begins at and its first change, each with the end. */
  function readStarts(records, header) {
    const starts = new Uint32Array(header.screens + 1);
    const firsts = new Uint32Array(header.screens + 1);
    for (let i = 0; i < header.screens; i++) {
      const at = i * RECORD_BYTES;
      starts[i + 1] = starts[i] + 1 + (records[at] | (records[at + 1] << 8));
      let count = 0;
      for (let place = 0; place < PLACES; place++) count += bitAt(records, at + 4, place);
      firsts[i + 1] = firsts[i] + count;
    }
    if (starts[header.screens] !== header.frames || firsts[header.screens] !== header.changes) {
      throw new RangeError("the parts of a chunk do not fit each other");
    }
    return { starts, firsts };
  }

  function bitAt(bytes, start, index) {
    return (bytes[start + (index >> 3)] >> (index & 7)) & 1;
  }

  /** A chunk that was checked: a player of its screens that remembers where it is. */
  class Chunk {
    constructor(header, palette, tiles, records, changes, { starts, firsts }) {
      this.frames = header.frames;
      this._palette = palette;
      this._tiles = tiles;
      this._records = records;
      this._changes = changes;
      this._starts = starts;
      this._firsts = firsts;
      this._screen = new Uint16Array(PIXELS);
      this._spare = new Uint16Array(PIXELS);
      this._at = -1; // the screen that is in _screen
    }

    /** Fill `rgba`, a Uint8ClampedArray of 160 × 144 × 4 bytes, with a frame from 0 on. */
    draw(frame, rgba) {
      if (!(frame >= 0 && frame < this.frames)) throw new RangeError(`no frame ${frame} in here`);
      this._seek(this.screenAt(frame));
      const words = new Uint32Array(rgba.buffer, rgba.byteOffset, PIXELS);
      const screen = this._screen;
      const palette = this._palette;
      for (let i = 0; i < PIXELS; i++) words[i] = palette[screen[i]];
    }

    /** Return the number of the screen that a frame shows; frames of equal number are equal. */
    screenAt(frame) {
      let low = 0;
      let high = this._starts.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (this._starts[middle] <= frame) low = middle;
        else high = middle;
      }
      return low;
    }

    _seek(number) {
      if (number < this._at) {
        this._screen.fill(0);
        this._at = -1;
      }
      while (this._at < number) this._apply(++this._at);
    }

    _apply(number) {
      const at = number * RECORD_BYTES;
      const right = (this._records[at + 2] << 24) >> 24;
      const down = (this._records[at + 3] << 24) >> 24;
      if (right || down) this._scroll(right, down);
      let change = this._firsts[number];
      for (let place = 0; place < PLACES; place++) {
        if (bitAt(this._records, at + 4, place)) this._put(place, this._changes[change++]);
      }
    }

    _put(place, tile) {
      const corner = Math.floor(place / COLUMNS) * 8 * WIDTH + (place % COLUMNS) * 8;
      for (let row = 0; row < 8; row++) {
        const from = tile * TILE + row * 8;
        const to = corner + row * WIDTH;
        for (let x = 0; x < 8; x++) this._screen[to + x] = this._tiles[from + x];
      }
    }

    _scroll(right, down) {
      const shift = (right + WIDTH) % WIDTH;
      for (let y = 0; y < HEIGHT; y++) {
        const from = y * WIDTH;
        const to = ((y + down + HEIGHT) % HEIGHT) * WIDTH;
        const cut = from + WIDTH - shift;
        this._spare.set(this._screen.subarray(from, cut), to + shift);
        this._spare.set(this._screen.subarray(cut, from + WIDTH), to);
      }
      [this._screen, this._spare] = [this._spare, this._screen];
    }
  }

  /** Open a chunk, given as a Uint8Array. */
  async function open(bytes) {
    const header = readHeader(bytes);
    const sizes = [
      header.colours * 3, header.tiles * 8 * header.bits, header.screens * RECORD_BYTES,
      header.changes * 3,
    ];
    const whole = await inflate(bytes.subarray(HEADER_BYTES), sizes.reduce((a, b) => a + b));
    let at = 0;
    const [rgb, packed, records, planes] = sizes.map((size) => whole.subarray(at, (at += size)));
    const starts = readStarts(records, header);
    const palette = readPalette(rgb, header.colours);
    const tiles = readTiles(packed, header);
    return new Chunk(header, palette, tiles, records, readChanges(planes, header), starts);
  }

  return { WIDTH, HEIGHT, open, inflate };
})();
