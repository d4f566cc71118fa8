"""Compiles the engine's sources with Debian's SDCC and builds its ROM image."""

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tallgrass.guards import check_assembly, check_image
from tallgrass.layout import layout_assertions, read_layout

SOURCES: Final = Path(__file__).resolve().parent / "src"
TORTURE: Final = Path(__file__).resolve().parent / "torture"
BANKS: Final = {"system": 0, "overworld": 1, "battle": 2, "menu": 3}
"""A folder of sources is a ROM bank."""
BANK_SIZE: Final = 0x4000
IMAGE_SIZE: Final = len(BANKS) * BANK_SIZE
CODE_ADDRESS: Final = 0x150
DATA_ADDRESS: Final = 0xDC00
COMPILER_FLAGS: Final = (
    "-msm83", "--std-sdcc11", "--opt-code-size", "--max-allocs-per-node", "3000",
)  # fmt: skip
JOBS: Final = 2


class BuildError(Exception):
    """The engine cannot be built; the message says why."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What a build produces."""

    image: bytes
    symbols: dict[str, tuple[int, int]]
    compiler: str

    def symbols_json(self) -> str:
        """Return the text of `symbols.json`."""
        content: dict[str, Any] = {
            "compiler": self.compiler,
            "engine_sha256": hashlib.sha256(self.image).hexdigest(),
            "symbols": {name: list(place) for name, place in sorted(self.symbols.items())},
        }
        return json.dumps(content, indent=1) + "\n"


def compiler_version() -> str:
    """Return SDCC's version, such as `4.2.0 #13081`.

    Raises:
        BuildError: SDCC is not installed.
    """
    try:
        text = _run(["sdcc", "--version"], Path())
    except FileNotFoundError as error:
        raise BuildError("sdcc is missing; install Debian's package `sdcc`") from error
    match = re.search(r"\d+\.\d+\.\d+ #\d+", text)
    if match is None:
        raise BuildError(f"cannot read SDCC's version from {text!r}")
    return match[0]


def build_engine(folder: Path) -> Engine:
    """Compile and link the engine, with all intermediate files in `folder`.

    Raises:
        BuildError: SDCC is missing or refuses a source, or two pieces of code overlap.
        GuardError: the code has a pattern known to be compiled wrongly, or a bank is too full.
    """
    compiler = compiler_version()
    modules = [(SOURCES / "main.c", 0), *_modules()]
    assertions = folder / "layout.c"
    assertions.write_text(layout_assertions(read_layout()), encoding="ascii")
    assemble(SOURCES / "crt0.s", folder)
    with ThreadPoolExecutor(JOBS) as pool:
        futures = [
            pool.submit(compile_c, source, bank, folder)
            for source, bank in [(assertions, 0), *modules]
        ]
        objects = [future.result() for future in futures][1:]
    for path in sorted(folder.glob("*.asm")):
        check_assembly(path)
    link(["crt0.rel", *objects], folder, "engine", _bank_flags())
    image = load_image(folder / "engine.ihx", IMAGE_SIZE)
    places = read_places(folder / "engine.noi")
    check_image(places)
    return Engine(image, dict(_symbols(places)), compiler)


def build_torture(folder: Path) -> bytes:
    """Build the arithmetic torture ROM: 32 KiB that compute what a test asks for.

    Raises:
        BuildError: SDCC is missing or refuses a source.
    """
    assemble(TORTURE / "crt0.s", folder)
    module = compile_c(TORTURE / "arithmetic.c", 0, folder)
    link(["crt0.rel", module], folder, "torture")
    image = bytearray(load_image(folder / "torture.ihx", 2 * BANK_SIZE))
    image[0x104:0x150] = bytes(0x4C)
    image[0x14D] = -sum(image[0x134:0x14D]) - 25 & 0xFF
    return bytes(image)


def _modules() -> Iterator[tuple[Path, int]]:
    for name, bank in BANKS.items():
        for source in sorted((SOURCES / name).glob("*.c")):
            yield source, bank


def _bank_flags() -> list[str]:
    return [f"-Wl-b_CODE_{bank}=0x{bank}4000" for bank in BANKS.values() if bank]


def assemble(source: Path, folder: Path) -> None:
    """Assemble `source` into `folder`."""
    _run(["sdasgb", "-plosgff", "-o", f"{source.stem}.rel", str(source)], folder)


def compile_c(source: Path, bank: int, folder: Path) -> str:
    """Compile `source` for a bank into `folder`; return the object's name."""
    name = f"{source.parent.name}_{source.stem}.rel"
    place = ["-bo", str(bank), "--constseg", f"CODE_{bank}"] if bank else []
    _run(["sdcc", *COMPILER_FLAGS, *place, f"-I{SOURCES}", "-c", str(source), "-o", name], folder)
    return name


def link(objects: Sequence[str], folder: Path, name: str, flags: Sequence[str] = ()) -> None:
    """Link `objects` in `folder` to `name`.ihx and `name`.noi."""
    _run(
        [
            "sdcc", "-msm83", "--no-std-crt0", "--code-loc", hex(CODE_ADDRESS),
            "--data-loc", hex(DATA_ADDRESS), "-Wl-j", *flags, *objects, "-o", f"{name}.ihx",
        ],
        folder,
    )  # fmt: skip


def _run(command: Sequence[str], folder: Path) -> str:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BuildError(f"{' '.join(command)}\n{result.stdout}{result.stderr}")
    return result.stdout


def load_image(path: Path, size: int) -> bytes:
    """Return the image that an Intel hex file describes, empty bytes 0xFF.

    Raises:
        BuildError: two records write the same byte, or one writes beyond `size`.
    """
    image = bytearray(b"\xff" * size)
    used = bytearray(size)
    base = 0
    for line in path.read_text(encoding="ascii").splitlines():
        record = bytes.fromhex(line[1:])
        count, address, kind = record[0], record[1] << 8 | record[2], record[3]
        if kind == 4:
            base = (record[4] << 8 | record[5]) << 16
        elif kind == 0:
            start = base + address
            if start + count > size or any(used[start : start + count]):
                raise BuildError(f"code overlaps or leaves the image at {start:#x}")
            image[start : start + count] = record[4 : 4 + count]
            used[start : start + count] = b"\1" * count
    return bytes(image)


def read_places(path: Path) -> dict[str, int]:
    """Return every symbol of a linker's `.noi` file: bank << 16 | address."""
    places = {}
    for line in path.read_text(encoding="ascii").splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "DEF":
            places[words[1]] = int(words[2], 16)
    return places


def _symbols(places: dict[str, int]) -> Iterator[tuple[str, tuple[int, int]]]:
    for name, place in places.items():
        if name.startswith("_") and not name.startswith("__"):
            yield name[1:], (place >> 16, place & 0xFFFF)
