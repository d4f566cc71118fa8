"""What the ground of a route looks like: meadows, lakes, groves, rocks, thickets."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from pokebench.tallgrass.generator.lane import Lane, Section
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Tile

_SOFT: Final = (Tile.LAWN, Tile.FLOWERS, Tile.PATH)
_WIDEST_MARGIN: Final = 4


@unique
class Ground(StrEnum):
    """Shapes of ground; the value names the function that draws it."""

    MEADOW = "meadow"
    LAKE = "lake"
    GROVE = "grove"
    ROCKS = "rocks"
    THICKET = "thicket"


@dataclass(frozen=True, slots=True)
class _Patch:
    """A section of a lane that is being drawn."""

    rng: Pcg32
    lane: Lane
    section: Section

    def random_place(self) -> tuple[int, int]:
        """Return a place of the section, two cells off the lane's sides."""
        along = self.rng.between(self.section.first, self.section.last)
        return along, self.rng.between(2, self.lane.breadth - 3)

    def dot(self, count: int, tile: Tile) -> None:
        """Put up to `count` single tiles onto lawn."""
        for _ in range(count):
            place = self.random_place()
            if self.lane.get(*place) is Tile.LAWN:
                self.lane.put(*place, tile)

    def blob(self, tile: Tile, along_radius: int, across_radius: int) -> None:
        """Put a rounded patch of tiles onto lawn."""
        middle, centre = self.random_place()
        limit = along_radius * along_radius * across_radius * across_radius
        for along in range(self.section.first, self.section.last + 1):
            for across in range(2, self.lane.breadth - 2):
                stretch = (along - middle) ** 2 * across_radius * across_radius
                stretch += (across - centre) ** 2 * along_radius * along_radius
                if stretch <= limit and self.lane.get(along, across) is Tile.LAWN:
                    self.lane.put(along, across, tile)


def draw_ground(rng: Pcg32, lane: Lane, section: Section, ground: Ground, has_belt: bool) -> None:
    """Draw a section: its ground, a trail through it, and maybe a belt of tall grass across."""
    patch = _Patch(rng, lane, section)
    if ground is not Ground.THICKET:
        _clear(patch)
    _GROUNDS[ground](patch)
    _draw_trail(patch, is_wide=ground is Ground.THICKET)
    if has_belt:
        _draw_belt(patch)


def _clear(patch: _Patch) -> None:
    """Turn the middle of the section into lawn with ragged sides."""
    rng, lane, section = patch.rng, patch.lane, patch.section
    near, far = rng.between(2, _WIDEST_MARGIN), rng.between(2, _WIDEST_MARGIN)
    for along in range(section.first, section.last + 1):
        near = min(_WIDEST_MARGIN, max(2, near + rng.between(-1, 1)))
        far = min(_WIDEST_MARGIN, max(2, far + rng.between(-1, 1)))
        for across in range(near, lane.breadth - far):
            lane.put(along, across, Tile.LAWN)


def _draw_meadow(patch: _Patch) -> None:
    for _ in range(3):
        patch.blob(Tile.TALL_GRASS, patch.rng.between(2, 3), patch.rng.between(1, 3))
    patch.dot(5, Tile.TREE)
    patch.dot(6, Tile.FLOWERS)


def _draw_lake(patch: _Patch) -> None:
    patch.blob(Tile.WATER, patch.rng.between(3, 4), patch.rng.between(2, 4))
    patch.blob(Tile.TALL_GRASS, 3, 2)
    patch.blob(Tile.TALL_GRASS, 2, 2)
    patch.dot(5, Tile.FLOWERS)


def _draw_grove(patch: _Patch) -> None:
    tile = patch.rng.choice((Tile.TREE, Tile.PINE))
    for along in range(patch.section.first + 1, patch.section.last, 2):
        for across in range(2, patch.lane.breadth - 2, 2):
            if patch.lane.get(along, across) is Tile.LAWN and not patch.rng.chance(1, 4):
                patch.lane.put(along, across, tile)
    patch.blob(Tile.TALL_GRASS, 3, 3)
    patch.blob(Tile.TALL_GRASS, 2, 3)


def _draw_rocks(patch: _Patch) -> None:
    patch.dot(patch.section.length * 2, Tile.BOULDER)
    patch.blob(Tile.TALL_GRASS, 2, 3)
    patch.blob(Tile.TALL_GRASS, 3, 2)


def _draw_thicket(patch: _Patch) -> None:
    """Leave the trees; the wide trail is all there is."""


_GROUNDS: Final[dict[Ground, Callable[[_Patch], None]]] = {
    Ground.MEADOW: _draw_meadow,
    Ground.LAKE: _draw_lake,
    Ground.GROVE: _draw_grove,
    Ground.ROCKS: _draw_rocks,
    Ground.THICKET: _draw_thicket,
}


def _draw_trail(patch: _Patch, is_wide: bool) -> None:
    """Draw the way from where the section is entered to where it is left."""
    rng, section = patch.rng, patch.section
    across = section.enter
    turn = rng.between(section.first + 1, max(section.first + 1, section.last - 4))
    bend = rng.between(3, patch.lane.breadth - 4)
    for along in range(section.first, section.last + 1):
        target = section.leave if along == section.last - 1 else bend if along == turn else across
        for step in range(min(across, target), max(across, target) + 1):
            _tread(patch, along, step, is_wide)
        across = target


def _tread(patch: _Patch, along: int, across: int, is_wide: bool) -> None:
    """Make one cell of the trail, and with `is_wide` the cells around it."""
    lane, section = patch.lane, patch.section
    if is_wide:
        for beside_along in range(max(section.first, along - 1), min(section.last, along + 1) + 1):
            for beside in range(across - 1, across + 2):
                if lane.get(beside_along, beside) is not Tile.PATH:
                    tile = patch.rng.choice((Tile.LAWN, Tile.TALL_GRASS, Tile.TALL_GRASS))
                    lane.put(beside_along, beside, tile)
    lane.put(along, across, Tile.PATH)


def _draw_belt(patch: _Patch) -> None:
    """Let tall grass grow across all the section, so that nobody walks around it."""
    section = patch.section
    start = patch.rng.between(section.first + 1, max(section.first + 1, section.last - 3))
    for along in range(start, min(start + 3, section.last)):
        for across in range(1, patch.lane.breadth - 1):
            if patch.lane.get(along, across) in _SOFT:
                patch.lane.put(along, across, Tile.TALL_GRASS)
