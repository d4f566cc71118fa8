"""Refuses code that is known to go wrong: compiler faults, and what the linker lets pass."""

import re
from pathlib import Path
from typing import Final

BANK_SIZE: Final = 0x4000
STACK_END: Final = 0xDE00

_LOW_SYMBOL = re.compile(r"^(_\w+)\s*=\s*0x00[0-9a-f]{2}\s*$", re.MULTILINE)
_SIGNED_REMAINDER = re.compile(r"__mod(?:schar|suchar|uschar|sint|slong)\b")


class GuardError(Exception):
    """The build breaks one of the rules of this file; the message says which."""


def check_assembly(path: Path) -> None:
    """Look for faults in one compiled source.

    Raises:
        GuardError: a register has an address below 0x100 (SDCC would read ROM instead of it), or a
            remainder is signed (the library's is wrong for mixed signs).
    """
    text = path.read_text(encoding="ascii")
    low = _LOW_SYMBOL.search(text)
    if low is not None:
        raise GuardError(f"{path.name}: {low[1]} is a symbol below 0x100; declare it at 0xFFxx")
    signed = _SIGNED_REMAINDER.search(text)
    if signed is not None:
        raise GuardError(f"{path.name}: signed remainder {signed[0]}; make both sides unsigned")


def check_image(places: dict[str, int]) -> None:
    """Look for banks and work RAM that are too full; the linker does not.

    Raises:
        GuardError: naming the segment and its size.
    """
    for name, size in places.items():
        if name.startswith("l__CODE_") and size > BANK_SIZE:
            raise GuardError(f"{name[3:]} has {size:#x} bytes, more than a bank")
    if places["s__GSFINAL"] >= BANK_SIZE:
        raise GuardError(f"bank 0 ends at {places['s__GSFINAL']:#x}")
    for segment in ("DATA", "INITIALIZED"):
        end = places.get(f"s__{segment}", 0) + places.get(f"l__{segment}", 0)
        if end > STACK_END:
            raise GuardError(f"{segment} ends at {end:#x}, in the stack")
