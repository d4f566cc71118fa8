"""A world's bytes without engine and art: what the generator and the packer alone decide."""

from dataclasses import dataclass
from hashlib import sha1

from pokebench.tallgrass.format import ENGINE_SIZE, PORTRAIT_BYTES
from pokebench.tallgrass.generator import generate
from pokebench.tallgrass.pack import pack
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.world import World


@dataclass(frozen=True)
class BlankArt:
    ui: bytes = bytes(2048)
    sprites: bytes = bytes(2048)
    title: bytes = bytes(2048 + 360)
    tileset: bytes = bytes(64 + 256 + 2048)


def blank_portrait(rng: Pcg32, stage: int) -> bytes:
    return bytes((rng.below(256), stage)).ljust(PORTRAIT_BYTES, b"\0")


def blank_rom(world: World) -> bytes:
    return pack(world, bytes(ENGINE_SIZE), BlankArt(), blank_portrait)


def digest(preset: str, seed: int) -> str:
    return sha1(blank_rom(generate(preset, seed))).hexdigest()
