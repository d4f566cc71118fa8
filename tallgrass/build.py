"""Builds the Tallgrass engine into `pokebench/tallgrass/data`.

Writes engine.bin, symbols.json and state.json. It needs Debian's SDCC; players use what is written.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tallgrass.guards import GuardError
from tallgrass.layout import (
    STATE_JSON,
    STATE_PAGE,
    LayoutError,
    layout_json,
    layout_page,
    read_layout,
    write_layout,
)
from tallgrass.toolchain import (
    BuildError,
    Engine,
    build_engine,
    build_torture,
    compiler_version,
)

DATA = STATE_JSON.parent
ENGINE_BIN = DATA / "engine.bin"
SYMBOLS_JSON = DATA / "symbols.json"


def build(folder: Path | None) -> Engine:
    """Build the engine in `folder`, or in one that is thrown away."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        return build_engine(folder)
    with tempfile.TemporaryDirectory() as name:
        return build_engine(Path(name))


def replace(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then rename it, so that a reader never sees half a file."""
    beside = path.with_suffix(".new")
    beside.write_bytes(data)
    beside.replace(path)


def write(folder: Path | None) -> None:
    """Build everything and write it to the package's data."""
    start = time.monotonic()
    engine = build(folder)
    replace(ENGINE_BIN, engine.image)
    replace(SYMBOLS_JSON, engine.symbols_json().encode("ascii"))
    write_layout(read_layout())
    print(f"engine built in {time.monotonic() - start:.1f} s with SDCC {engine.compiler}")
    for bank in range(4):
        part = engine.image[bank * 0x4000 : (bank + 1) * 0x4000]
        print(f"bank {bank}: {len(part) - part.count(0xFF)} bytes used")


def differences(folder: Path | None) -> list[str]:
    """Return what the shipped data has different from what the sources give."""
    layout = read_layout()
    found = []
    if STATE_JSON.read_text(encoding="ascii") != layout_json(layout):
        found.append("state.json differs from src/state.h")
    if STATE_PAGE.read_text(encoding="ascii") != layout_page(layout):
        found.append("STATE.md differs from src/state.h")
    shipped = json.loads(SYMBOLS_JSON.read_text(encoding="ascii"))
    if shipped["compiler"] != compiler_version():
        return [*found, f"the shipped engine needs SDCC {shipped['compiler']}: cannot compare"]
    engine = build(folder)
    if ENGINE_BIN.read_bytes() != engine.image:
        found.append("engine.bin differs from what the sources compile to")
    if SYMBOLS_JSON.read_text(encoding="ascii") != engine.symbols_json():
        found.append("symbols.json differs from what the sources compile to")
    return found


def torture(path: Path) -> None:
    """Write the arithmetic torture ROM to `path`."""
    with tempfile.TemporaryDirectory() as name:
        replace(path, build_torture(Path(name)))


def check(folder: Path | None) -> int:
    """Compare sources and shipped data; return the exit code."""
    found = differences(folder)
    for difference in found:
        print(difference, file=sys.stderr)
    if not found:
        print("the shipped data is what the sources give")
    return 1 if found else 0


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument(
        "--layout", action="store_true", help="write state.json and STATE.md only (no SDCC needed)"
    )
    modes.add_argument(
        "--check",
        action="store_true",
        help="compare the shipped data with a fresh build; write nothing",
    )
    modes.add_argument(
        "--torture", type=Path, metavar="FILE", help="write the arithmetic torture ROM only"
    )
    parser.add_argument("--folder", type=Path, help="keep intermediate files here")
    options = parser.parse_args()
    try:
        if options.check:
            return check(options.folder)
        if options.torture:
            torture(options.torture)
        elif options.layout:
            write_layout(read_layout())
        else:
            write(options.folder)
    except (BuildError, GuardError, LayoutError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
