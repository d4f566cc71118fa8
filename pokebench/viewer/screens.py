"""Screens of a run as a lossless stream of changes, in chunks that each stand alone.

Most frames repeat the one before, scroll it, or change a few tiles of 8×8 pixels, and most tiles
were seen before. So a chunk holds its palette, each tile once, and for each screen how far it
scrolled and which tile took which place. `static/screens.js` reads it in a browser.

All numbers are little-endian. A chunk is a header and a zlib stream (RFC 1950):

    header   "PBS1", then as u32: frames, screens, colours, tiles, changes
    palette  colours × 3 bytes, RGB
    tiles    tiles × 64 pixels of 1, 2, 4, 8 or 16 bits, the fewest that number all colours
    screens  screens × (repeats u16, right i8, down i8, 45 bytes: a bit for each place)
    changes  changes × u24 in three planes, low bytes first: n puts tile n - 1 into the next place
             whose bit is set, 0 the tile after the latest one so far

A screen is the one before, moved by `right` and `down` pixels (what leaves enters on the other
side), with the tiles replaced whose bits are set; it is shown for 1 + `repeats` frames. Before the
first, all is colour 0. Places run row by row; pixels and bits begin at a byte's low end.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pokebench.errors import PokebenchError
from pokebench.types import Frame

MAX_FRAMES: Final = 1 << 16
"""The most frames of a chunk."""
MAX_BYTES: Final = 1 << 27
"""The longest chunk, inflated."""
_MAGIC: Final = b"PBS1"
_HEADER: Final = struct.Struct("<4s5I")
_SCREEN: Final = np.dtype(
    [("repeats", "<u2"), ("right", "i1"), ("down", "i1"), ("places", "u1", 45)]
)
_SHAPE: Final = (144, 160)
_PIXELS: Final = 144 * 160
_ROWS, _COLUMNS = 18, 20
_PLACES: Final = _ROWS * _COLUMNS
_MOST_COLOURS: Final = 1 << 16
_FURTHEST: Final = 16
"""How many pixels a screen may scroll from one to the next."""
_MOVES: Final = tuple(
    move
    for distance in range(1, _FURTHEST + 1)
    for move in ((distance, 0), (-distance, 0), (0, distance), (0, -distance))
)
_INNER: Final = slice(_FURTHEST, _SHAPE[0] - _FURTHEST, 5)
_ALIKE: Final = 90
"""Of 2,944 pixels that are compared, how many may differ when no better move is looked for."""

_Pixels = npt.NDArray[np.uint16]
_Bytes = npt.NDArray[np.uint8]


class ScreensError(PokebenchError):
    """A chunk of screens is damaged, or cannot be made."""


def encode(frames: Iterable[Frame], level: int = 6) -> bytes:
    """Return `frames` as one chunk.

    Args:
        frames: 1 to `MAX_FRAMES` screens; each is read before the next is asked for.
        level: of compression, 1 (fast) to 9 (small).

    Raises:
        ScreensError: too many frames, none, or more colours than any console shows.
    """
    palette, film = _Palette(), _Film()
    before: bytes | None = None
    for frame in frames:
        raw = frame.tobytes()
        if raw == before:
            film.repeat()
        else:
            film.add(palette.numbers(raw))
            before = raw
    if not 0 < film.frames <= MAX_FRAMES:
        raise ScreensError(f"a chunk holds 1 to {MAX_FRAMES} frames, not {film.frames}")
    changed = np.concatenate(film.tiles)
    tiles, changes = _different(_packed(changed, _bits(len(palette.colours))))
    head = (film.frames, len(film.screens), len(palette.colours), len(tiles), len(changes))
    body = b"".join((palette.tobytes(), *tiles, film.tobytes(), _planes(changes)))
    if len(body) > MAX_BYTES:
        raise ScreensError("these screens change too much for one chunk; give fewer frames")
    return _HEADER.pack(_MAGIC, *head) + zlib.compress(body, level)


class _Palette:
    """Numbers colours in the order in which they are met."""

    def __init__(self) -> None:
        self.colours: list[int] = []
        self._known = np.zeros(1 << 24, np.uint16)  # number + 1 of each colour; 0 is not yet met

    def numbers(self, raw: bytes) -> _Pixels:
        """Return the colour numbers of a screen, given as bytes."""
        # three bytes and the next one's first as a number, of which the low three stay
        keys = np.ndarray(_PIXELS, "<u4", raw + b"\0", strides=(3,)) & np.uint32(0xFFFFFF)
        numbers = self._known.take(keys)
        if not numbers.all():
            self._meet(np.unique(keys[numbers == 0]))
            numbers = self._known.take(keys)
        numbers -= np.uint16(1)
        return numbers.reshape(_SHAPE)

    def _meet(self, keys: npt.NDArray[np.uint32]) -> None:
        first = len(self.colours) + 1
        if first + len(keys) > _MOST_COLOURS:
            raise ScreensError(f"a chunk holds fewer than {_MOST_COLOURS} colours")
        self._known[keys] = np.arange(first, first + len(keys), dtype=np.uint16)
        self.colours += keys.tolist()

    def tobytes(self) -> bytes:
        """Return all colours as RGB."""
        return b"".join(colour.to_bytes(3, "little") for colour in self.colours)


class _Film:
    """Screens as changes.

    Attributes:
        frames: how many were shown.
        screens: (repeats, right, down, places) of each.
        tiles: for each screen the tiles that it changes, `(n, 64)`.
    """

    def __init__(self) -> None:
        self.frames = 0
        self.screens: list[tuple[int, int, int, _Bytes]] = []
        self.tiles: list[_Pixels] = []
        self._latest = np.zeros(_SHAPE, np.uint16)
        self._move = _MOVES[0]

    def repeat(self) -> None:
        """Show the latest screen for one more frame."""
        repeats, right, down, places = self.screens[-1]
        self.screens[-1] = (repeats + 1, right, down, places)
        self.frames += 1

    def add(self, screen: _Pixels) -> None:
        """Show another screen."""
        right, down = self._best_move(screen)
        moved = self._latest
        if right or down:
            moved = np.roll(moved, (down, right), (0, 1))
            self._move = (right, down)
        # a tile's row of pixels is two words, so two truths, read as one number
        differs = (screen.view(np.uint64) != moved.view(np.uint64)).view(np.uint16)
        places = np.bitwise_or.reduce(differs.reshape(_ROWS, 8, _COLUMNS), axis=1) != 0
        tiles = screen.view(np.uint64).reshape(_ROWS, 8, _COLUMNS, 2).swapaxes(1, 2)
        self.screens.append((0, right, down, np.packbits(places, bitorder="little")))
        self.tiles.append(tiles[places].view(np.uint16).reshape(-1, 64))
        self._latest = screen
        self.frames += 1

    def tobytes(self) -> bytes:
        """Return the screens' records."""
        return np.array(self.screens, _SCREEN).tobytes()

    def _best_move(self, screen: _Pixels) -> tuple[int, int]:
        best, fewest = (0, 0), self._difference(screen, (0, 0))
        if fewest <= _ALIKE:
            return best
        for move in (self._move, *_MOVES):  # scrolling goes on as it began
            differing = self._difference(screen, move)
            if differing < fewest:
                best, fewest = move, differing
            if differing <= _ALIKE:
                break
        return best

    def _difference(self, screen: _Pixels, move: tuple[int, int]) -> int:
        """Return how many of some pixels differ if the latest screen is moved."""
        right, down = move
        rows = slice(_FURTHEST - down, _SHAPE[0] - _FURTHEST - down, 5)
        columns = slice(_FURTHEST - right, _SHAPE[1] - _FURTHEST - right)
        inner = screen[_INNER, _FURTHEST : _SHAPE[1] - _FURTHEST]
        return int(np.count_nonzero(inner != self._latest[rows, columns]))


def _bits(colours: int) -> int:
    """Return how many bits a pixel has."""
    return next(bits for bits in (1, 2, 4, 8, 16) if colours <= 1 << bits)


def _packed(tiles: _Pixels, bits: int) -> _Bytes:
    """Return each tile's pixels in as few bytes as `bits` allow, `(n, 8 * bits)`."""
    if bits >= 8:
        whole = tiles.astype("u1" if bits == 8 else "<u2")
        return np.frombuffer(whole.tobytes(), np.uint8).reshape(len(tiles), 8 * bits)
    each = 8 // bits
    shifts = np.arange(each, dtype=np.uint16) * np.uint16(bits)
    parts: _Pixels = tiles.reshape(len(tiles), 64 // each, each) << shifts
    packed: _Bytes = parts.sum(2, dtype=np.uint8)
    return packed


def _different(tiles: _Bytes) -> tuple[list[bytes], npt.NDArray[np.uint32]]:
    """Return each tile once, and which tile each one is: 0 the next new one, n the n-th."""
    size = tiles.shape[1]
    numbers: dict[bytes, int] = {}
    # as fixed-length strings, which lose zeros at their end and stay different
    keys = np.ascontiguousarray(tiles).view(f"S{size}").ravel().tolist()
    found = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
    newest = np.maximum.accumulate(np.concatenate(([-1], found)))[:-1]
    changes = np.where(found > newest, 0, found + 1).astype(np.uint32)
    return [key.ljust(size, b"\0") for key in numbers], changes


def _planes(numbers: npt.NDArray[np.uint32]) -> bytes:
    """Return the low three bytes of `numbers`, first all lowest."""
    return numbers.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3].T.tobytes()


@dataclass(frozen=True, slots=True)
class _Parts:
    """A chunk taken apart and checked: what is in here can be drawn."""

    palette: _Bytes
    tiles: _Pixels
    screens: npt.NDArray[np.void]
    places: npt.NDArray[np.bool_]
    changes: npt.NDArray[np.int64]


def decode(chunk: bytes) -> Iterator[Frame]:
    """Yield the frames of a chunk in order, each the caller's own.

    Raises:
        ScreensError: the chunk is damaged.
    """
    parts = _parts(chunk)
    screen = np.zeros(_SHAPE, np.uint16)
    used = 0
    for record, places in zip(parts.screens, parts.places, strict=True):
        screen = np.roll(screen, (int(record["down"]), int(record["right"])), (0, 1))
        tiles = screen.reshape(_ROWS, 8, _COLUMNS, 8).swapaxes(1, 2).reshape(_PLACES, 64)
        count = int(np.count_nonzero(places))
        tiles[places] = parts.tiles[parts.changes[used : used + count]]
        used += count
        screen = tiles.reshape(_ROWS, _COLUMNS, 8, 8).swapaxes(1, 2).reshape(_SHAPE)
        for _ in range(1 + int(record["repeats"])):
            yield parts.palette[screen]


def _parts(chunk: bytes) -> _Parts:
    if len(chunk) < _HEADER.size or not chunk.startswith(_MAGIC):
        raise ScreensError("no chunk of screens")
    _, frames, screens, colours, tiles, changes = _HEADER.unpack_from(chunk)
    if not (0 < screens <= frames <= MAX_FRAMES and 0 < colours <= _MOST_COLOURS):
        raise ScreensError("a chunk of screens states counts that cannot be")
    bits = _bits(colours)
    sizes = (colours * 3, tiles * 8 * bits, screens * _SCREEN.itemsize, changes * 3)
    palette, pixels, records, planes = _split(_inflated(chunk[_HEADER.size :], sum(sizes)), sizes)
    film = np.frombuffer(records, _SCREEN)
    places = np.unpackbits(film["places"], axis=1, count=_PLACES, bitorder="little").astype(bool)
    numbers = np.frombuffer(planes, np.uint8).reshape(3, -1).T @ np.array([1, 1 << 8, 1 << 16])
    numbers = np.where(numbers == 0, np.cumsum(numbers == 0), numbers) - 1
    unpacked = _unpacked(np.frombuffer(pixels, np.uint8).reshape(tiles, 8 * bits), bits)
    if (
        int(film["repeats"].sum(dtype=np.int64)) + screens != frames
        or int(places.sum()) != changes
        or (changes and int(numbers.max()) >= tiles)
        or (tiles and int(unpacked.max()) >= colours)
    ):
        raise ScreensError("a chunk of screens is damaged: its parts do not fit each other")
    return _Parts(np.frombuffer(palette, np.uint8).reshape(-1, 3), unpacked, film, places, numbers)


def _inflated(body: bytes, size: int) -> bytes:
    """Return what `body` inflates to, which must be `size` bytes."""
    if size > MAX_BYTES:
        raise ScreensError(f"a chunk of screens states {size} bytes; the most is {MAX_BYTES}")
    inflate = zlib.decompressobj()
    try:
        data = inflate.decompress(body, size + 1)
    except zlib.error as error:
        raise ScreensError(f"a chunk of screens is damaged: {error}") from error
    if len(data) != size or not inflate.eof or inflate.unused_data:
        raise ScreensError("a chunk of screens is damaged: its length is not as stated")
    return data


def _split(data: bytes, sizes: tuple[int, ...]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield data[start : start + size]
        start += size


def _unpacked(packed: _Bytes, bits: int) -> _Pixels:
    """Return tiles as `(n, 64)` colour numbers."""
    if bits == 16:
        return packed.view("<u2").astype(np.uint16)
    each = 8 // bits
    shifts = np.arange(each, dtype=np.uint8) * np.uint8(bits)
    pixels = (packed[:, :, None] >> shifts) & np.uint8((1 << bits) - 1)
    return pixels.reshape(len(packed), 64).astype(np.uint16)
