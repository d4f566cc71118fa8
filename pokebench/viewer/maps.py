"""The map of a game, for the way walked to be drawn on."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pokebench.replay.way import Way
from pokebench.types import JsonObject

if TYPE_CHECKING:
    from pokebench.milestone import Cartridge
    from pokebench.tallgrass.build import BuiltWorld

_UNIT: Final = 16
"""Pixels of a cell, where there is no picture."""


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The map of a generated world.

    Attributes:
        told: sizes, and for each place its name and where it lies on the picture.
        png: the picture.
    """

    told: JsonObject
    png: bytes


def map_picture(cartridge: "Cartridge") -> MapPicture | None:
    """Return the map of a generated world; None for games that are not generated."""
    return None if cartridge.world is None else _drawn(cartridge.world)


def trodden(way: Way) -> JsonObject:
    """Return a map without a picture: the places that were walked on, by their numbers."""
    places = {
        str(place): {"name": f"Place {place}", "left": 0, "top": 0, "unit": _UNIT}
        for place in sorted({int(place) for place in way.places})
    }
    return {"picture": False, "places": places}


def _drawn(built: "BuiltWorld") -> MapPicture:
    from pokebench.tallgrass.picture import Painter, Poster

    poster = Poster(built, Painter())
    image = poster.paint()
    file = io.BytesIO()
    image.quantize(32).save(file, "png")
    places = {
        str(area.index): {
            "name": area.name,
            "left": spot.x,
            "top": spot.y,
            "width": area.width,
            "height": area.height,
            "unit": poster.unit,
        }
        for area in built.world.maps
        if (spot := poster.spots.get(area.index)) is not None
    }
    told: JsonObject = {
        "picture": True,
        "width": image.width,
        "height": image.height,
        "top": poster.header,
        "places": places,
    }
    return MapPicture(told, file.getvalue())
