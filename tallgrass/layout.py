"""Reads the state block's layout out of `src/state.h`; writes it for others."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent
STATE_HEADER: Final = ROOT / "src" / "state.h"
STATE_JSON: Final = ROOT.parent / "pokebench" / "tallgrass" / "data" / "state.json"
STATE_PAGE: Final = ROOT / "STATE.md"

SCALAR_BYTES: Final = {"u8": 1, "i8": 1, "u16": 2, "i16": 2, "u32": 4}

_STRUCT = re.compile(r"typedef struct \{(?P<body>.*?)\n\} (?P<name>\w+);", re.DOTALL)
_FIELD = re.compile(
    r"^  (?P<type>\w+) (?P<name>\w+)(?:\[(?P<count>\d+)\])?;\s*/\* (?P<doc>.*?) \*/$"
)
_ENUM = re.compile(r"^enum \{(?P<body>.*?)\};", re.DOTALL | re.MULTILINE)
_PLACE = re.compile(
    r"^#define (?P<name>\w+) (?:\(\(u8 \*\))?0x(?P<address>[0-9A-F]{4})\)?", re.MULTILINE
)
_VERSION = re.compile(r"^#define STATE_VERSION (\d+)", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class LayoutError(Exception):
    """A line of the header that this parser does not understand; the message quotes it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a struct: where it lies and what it means."""

    name: str
    offset: int
    type: str
    count: int
    doc: str

    def as_json(self) -> dict[str, Any]:
        """Return the field as `state.json` holds it."""
        return {
            "name": self.name,
            "offset": self.offset,
            "type": self.type,
            "count": self.count,
            "doc": self.doc,
        }


@dataclass(frozen=True, slots=True)
class Struct:
    """A struct without padding."""

    name: str
    size: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All that `state.h` fixes."""

    version: int
    address: int
    state: Struct
    creature: Struct
    places: dict[str, int]
    enums: dict[str, int]


def read_layout(header: Path = STATE_HEADER) -> Layout:
    """Parse `header`.

    Raises:
        LayoutError: a field has no comment, or a type that is neither a scalar nor Creature.
    """
    text = header.read_text(encoding="ascii")
    sizes = dict(SCALAR_BYTES)
    structs: dict[str, Struct] = {}
    for match in _STRUCT.finditer(text):
        struct = _read_struct(match["name"], match["body"], sizes)
        structs[struct.name] = struct
        sizes[struct.name] = struct.size
    version = _VERSION.search(text)
    if version is None or not {"State", "Creature"} <= structs.keys():
        raise LayoutError(f"{header}: STATE_VERSION, State or Creature is missing")
    places = {match["name"]: int(match["address"], 16) for match in _PLACE.finditer(text)}
    return Layout(
        version=int(version[1]),
        address=places.pop("STATE_ADDRESS"),
        state=structs["State"],
        creature=structs["Creature"],
        places=places,
        enums=dict(_read_enums(text)),
    )


def _read_struct(name: str, body: str, sizes: dict[str, int]) -> Struct:
    fields = []
    offset = 0
    for line in filter(None, body.split("\n")):
        match = _FIELD.match(line)
        if match is None or match["type"] not in sizes:
            raise LayoutError(f"{name}: want `  type name[count]; /* meaning */`, got {line!r}")
        count = int(match["count"] or 1)
        fields.append(Field(match["name"], offset, match["type"], count, match["doc"]))
        offset += sizes[match["type"]] * count
    return Struct(name, offset, tuple(fields))


def _read_enums(text: str) -> Iterator[tuple[str, int]]:
    for match in _ENUM.finditer(text):
        following = 0
        for entry in _COMMENT.sub("", match["body"]).split(","):
            name, _, value = entry.partition("=")
            if not name.strip():
                continue
            following = int(value, 0) if value else following
            yield name.strip(), following
            following += 1


def layout_json(layout: Layout) -> str:
    """Return the text of `state.json`."""
    content = {
        "version": layout.version,
        "address": layout.address,
        "size": layout.state.size,
        "fields": [field.as_json() for field in layout.state.fields],
        "creature": {
            "size": layout.creature.size,
            "fields": [field.as_json() for field in layout.creature.fields],
        },
        "places": layout.places,
        "enums": layout.enums,
    }
    return json.dumps(content, indent=1) + "\n"


def layout_page(layout: Layout) -> str:
    """Return the text of `STATE.md`."""
    lines = [
        "# Tallgrass: the public state block",
        "",
        "Generated from `src/state.h` by `python tallgrass/build.py --layout`; do not edit.",
        f"Version {layout.version}: {layout.state.size} bytes at 0x{layout.address:04X}, "
        "little endian, no padding.",
        "",
        *_table(layout.state, layout.address),
        "",
        f"## Creature, {layout.creature.size} bytes",
        "",
        *_table(layout.creature, 0),
        "",
        "## Other places in work RAM",
        "",
        "| name | address |",
        "|---|---|",
        *(f"| {name} | {address:04X} |" for name, address in layout.places.items()),
        "",
        "## Constants",
        "",
        "| name | value |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in layout.enums.items()),
        "",
    ]
    return "\n".join(lines)


def _table(struct: Struct, base: int) -> Iterator[str]:
    head, rule = ("| address ", "|---") if base else ("", "")
    yield head + "| offset | type | field | meaning |"
    yield rule + "|---|---|---|---|"
    for field in struct.fields:
        kind = field.type if field.count == 1 else f"{field.type}[{field.count}]"
        place = f"{base + field.offset:04X} | " if base else ""
        yield f"| {place}{field.offset} | {kind} | {field.name} | {field.doc} |"


def layout_assertions(layout: Layout) -> str:
    """Return a C file that makes the compiler confirm every offset this parser computed."""
    lines = ["#include <stddef.h>", '#include "state.h"', ""]
    for struct in (layout.creature, layout.state):
        lines += [
            _assertion(f"offsetof({struct.name}, {field.name})", field.offset)
            for field in struct.fields
        ]
        lines.append(_assertion(f"sizeof({struct.name})", struct.size))
    return "\n".join(lines) + "\n"


def _assertion(expression: str, value: int) -> str:
    return f'_Static_assert({expression} == {value}, "{expression}");'


def write_layout(layout: Layout) -> None:
    """Write `state.json` and `STATE.md` to their places in the repository."""
    STATE_JSON.write_text(layout_json(layout), encoding="ascii")
    STATE_PAGE.write_text(layout_page(layout), encoding="ascii")
