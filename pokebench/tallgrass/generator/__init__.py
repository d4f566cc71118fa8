"""Makes worlds: a preset and a seed in, a `World` out."""

from typing import Final

from pokebench.tallgrass.generator.builder import GenerationError
from pokebench.tallgrass.generator.presets import PRESETS, GateKind, Preset, preset_named
from pokebench.tallgrass.generator.whole import generate

GENERATOR_VERSION: Final = 1
"""Raised whenever a seed means another world than before."""

__all__ = [
    "GENERATOR_VERSION",
    "PRESETS",
    "GateKind",
    "GenerationError",
    "Preset",
    "generate",
    "preset_named",
]
