"""Which parts of a PyBoy savestate are the host's and not the machine's.

Two equal machines may differ in screen buffers (rendering policy), sound sample buffers and
wall-clock bytes. The canonical form has those zeroed, so that its hash is the machine's identity.

Source: Baekalfen/PyBoy v2.8.1, the `save_state` methods of `core/*.py` (state version 29).
"""

import struct
from collections.abc import Iterator
from typing import Final

from pokebench.errors import ConfigError

STATE_VERSION: Final = 29

# Sections in order: name, bytes. A trailing "*" marks what belongs to the host.
_HEAD: Final = (("flags", 5), ("cgb", 1))
_CGB_DMA: Final = (("hdma", 10),)
_CPU_AND_LCD: Final = (
    ("cpu", 27), ("oam_dma", 12), ("vram0", 8192), ("oam", 160), ("lcd_registers", 12),
    ("scanlines", 720), ("lcd_flags", 6), ("lcd_clocks", 24), ("lcd_mode", 2),
)  # fmt: skip
_CGB_LCD: Final = (("vram1", 8192), ("palettes", 137))
_SOUND_HEAD: Final = (("audio_head*", 8), ("samples_per_frame", 8), ("cycles_per_sample", 8))
_SOUND_TAIL: Final = (
    ("speed_shift", 1), ("cycles_target*", 8), ("cycles_target512", 8), ("cycles_to_interrupt*", 8),
    ("cycles", 16), ("divider", 16), ("power", 2), ("sampling*", 1), ("panning", 9),
    ("channels", 105 + 60 + 74 + 90),
)  # fmt: skip
_SCREEN: Final = (("screen*", 160 * 144 * 5), ("window", 1))
_MEMORY_TAIL: Final = (
    ("unused", 0x60), ("io", 0x4C), ("hram", 0x7F), ("wram_bank", 1), ("timer", 25), ("banks", 4),
)  # fmt: skip
_AFTER_CARTRIDGE: Final = 2 + 36 + 11 + 0x2000 + 0x800 + 0x80
_SRAM_BANK: Final = 0x2000
_CLOCK: Final = (("clock_zero*", 8), ("clock", 17), ("clock_now*", 8))
_CLOCK_BYTES: Final = 33
_MAX_SAMPLES: Final = 20_000


def canonical(state: bytes) -> bytes:
    """Return `state` with the host's parts zeroed.

    Raises:
        ConfigError: `state` has not the layout of state version 29.
    """
    result = bytearray(state)
    for start, end in host_parts(state):
        result[start:end] = bytes(end - start)
    return bytes(result)


def restored(state: bytes, own: bytes) -> bytes:
    """Return `state` with the host's parts taken from `own`, a state of this machine."""
    result = bytearray(state)
    for start, end in host_parts(own):
        result[start:end] = own[start:end]
    return bytes(result)


def host_parts(state: bytes) -> list[tuple[int, int]]:
    """Return the half-open byte ranges of `state` that hold nothing of the machine."""
    if len(state) < 6 or state[0] != STATE_VERSION:
        raise ConfigError(f"savestate is not of version {STATE_VERSION}; use the pinned PyBoy")
    parts: list[tuple[int, int]] = []
    position = 0
    for name, size in _sections(state):
        if name.endswith("*"):
            parts.append((position, position + size))
        position += size
    if position != len(state):
        raise ConfigError(
            f"savestate has {len(state)} bytes where its layout adds up to {position}"
        )
    return parts


def _sections(state: bytes) -> Iterator[tuple[str, int]]:
    """Yield the sections of `state` in order; sizes depend on a few of its bytes."""
    is_cgb = bool(state[5])
    front = _HEAD + (_CGB_DMA if is_cgb else ()) + _CPU_AND_LCD + (_CGB_LCD if is_cgb else ())
    yield from front
    yield from _SOUND_HEAD
    offset = sum(size for _, size in front) + 8
    samples = struct.unpack_from("<Q", state, offset)[0] if len(state) >= offset + 8 else 0
    if samples > _MAX_SAMPLES:
        raise ConfigError(f"savestate names {samples} sound samples a frame: not a sound state")
    middle = (("samples*", (samples + 1) * 2), *_SOUND_TAIL, *_SCREEN)
    memory = (("wram", 0x8000 if is_cgb else 0x2000), *_MEMORY_TAIL)
    yield from middle
    yield from memory
    used = sum(size for _, size in (*front, *_SOUND_HEAD, *middle, *memory))
    yield from _cartridge(len(state) - used - _AFTER_CARTRIDGE)
    yield "rest", _AFTER_CARTRIDGE


def _cartridge(size: int) -> Iterator[tuple[str, int]]:
    """Yield the cartridge's sections: RAM banks, then a clock or the controller's few bytes."""
    extra = max(size, 0) % _SRAM_BANK
    yield "sram", size - extra
    if extra == _CLOCK_BYTES:
        yield from _CLOCK
    else:
        yield "controller", extra
