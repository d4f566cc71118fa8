"""How many agents one server feeds, from what agents were measured to ask for.

A rate of tokens holds at one operating point: print the time per token there beside every number.
"""

import math
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from pokebench.types import Clocks

UTILISATION: Final = 0.8
"""Share of a server's rate that is planned with."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What one agent asks for while it works.

    Attributes:
        output_tokens_per_s: decoded.
        uncached_input_tokens_per_s: read for the first time (prefill).
        context_tokens: kept in the server's memory.
        needed_tokens_per_s: slowest stream that the agent can live with; 0 if any will do.
    """

    output_tokens_per_s: float
    uncached_input_tokens_per_s: float = 0.0
    context_tokens: float = 0.0
    needed_tokens_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Server:
    """What one server gives, measured at a stated batch and context.

    Attributes:
        decode_tokens_per_s: of all streams together.
        prefill_tokens_per_s: likewise; None: prefill is not reckoned with.
        memory_tokens: tokens of context that fit; None: not reckoned with.
        stream_tokens_per_s: of one stream at that point; None: unknown.
        utilisation: share that is planned with.
    """

    decode_tokens_per_s: float
    prefill_tokens_per_s: float | None = None
    memory_tokens: float | None = None
    stream_tokens_per_s: float | None = None
    utilisation: float = UTILISATION


@unique
class Limit(StrEnum):
    """What sets the number of agents."""

    COMPUTE = "compute"
    MEMORY = "memory"
    STREAM = "stream too slow"


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many agents a server feeds.

    Attributes:
        agents: whole ones.
        limit: what sets the number.
        ms_per_output_token: of one stream at the measured point; None if unknown.
    """

    agents: int
    limit: Limit
    ms_per_output_token: float | None


def capacity(demand: Demand, server: Server) -> Capacity:
    """Return how many agents fit: `floor min { U / (r_out / D + r_in / P), memory / context }`.

    None fits if a stream is too slow.
    D and P are the server's decode and prefill rates. Without P the number is for decoding alone,
    which flatters agents that read pictures.

    Raises:
        ValueError: the agent asks for nothing, or the server gives nothing.
    """
    if demand.output_tokens_per_s <= 0 or server.decode_tokens_per_s <= 0:
        raise ValueError("a fleet needs positive rates of output tokens")
    latency = 1000 / server.stream_tokens_per_s if server.stream_tokens_per_s else None
    if server.stream_tokens_per_s and server.stream_tokens_per_s < demand.needed_tokens_per_s:
        return Capacity(0, Limit.STREAM, latency)
    load = demand.output_tokens_per_s / server.decode_tokens_per_s
    if server.prefill_tokens_per_s:
        load += demand.uncached_input_tokens_per_s / server.prefill_tokens_per_s
    by_compute = _whole(server.utilisation / load)
    if server.memory_tokens is not None and demand.context_tokens > 0:
        by_memory = _whole(server.memory_tokens / demand.context_tokens)
        if by_memory < by_compute:
            return Capacity(by_memory, Limit.MEMORY, latency)
    return Capacity(by_compute, Limit.COMPUTE, latency)


def measured_demand(clocks: Clocks) -> Demand | None:
    """Return what a run asked for: its tokens over its seconds of work; None if it asked no model.

    The context is the mean input of a call, cached parts included.
    """
    if not clocks.calls or not clocks.work_s:
        return None
    uncached = clocks.tokens_in + clocks.tokens_cache_write
    return Demand(
        output_tokens_per_s=clocks.tokens_out / clocks.work_s,
        uncached_input_tokens_per_s=uncached / clocks.work_s,
        context_tokens=(uncached + clocks.tokens_cache_read) / clocks.calls,
    )


def _whole(value: float) -> int:
    """Round down, but not because of the last bit of a division."""
    return math.floor(value * (1 + 1e-12))
