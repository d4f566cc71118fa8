"""From a request to its reply and its bill."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from pokebench.testing.binding import Sealing, broken_seals, check_seals
from pokebench.testing.blocks import TRAILING, Block, Section, prefixes, text_tokens
from pokebench.testing.cache import PromptCache, use_anthropic, use_openai
from pokebench.testing.diagnostics import Fingerprint, Fingerprints
from pokebench.testing.faults import REPLY_STOPS, SPOILED, PlannedFault
from pokebench.testing.known_models import KnownModels
from pokebench.testing.ledger import Bill, Ledger
from pokebench.testing.players import Listener, Player, Question, Said
from pokebench.testing.refusal import RefusedError, invalid
from pokebench.testing.reply import ScriptedReply
from pokebench.testing.usage import CacheUse
from pokebench.testing.wire import Json, Outcome, Stop, Wire, cut_off, reply_tokens

_MOST_REPLIES: Final = 2_000
_ARGUMENTS: Final = {
    "bad_arguments": '{"buttons": ["a',
    "truncated": '{"buttons": ["a',
    "wrong_arguments": '{"buttons": "a"}',
}
_CALLED: Final = {"no_tool": None, "unknown_tool": "fly"}
_TRANSPORT: Final = frozenset({"stream", "stream_options"})
_STOPS: Final[dict[str, Stop]] = {name: name for name in REPLY_STOPS}


@dataclass(frozen=True, slots=True)
class BrainOptions:
    """How strict the provider is.

    Attributes:
        context_tokens: the context window; None is without end.
        binds_thinking: whether thinking holds in its own conversation only.
    """

    context_tokens: int | None = None
    binds_thinking: bool = True


@dataclass(frozen=True, slots=True)
class _Reading:
    """A request that was read.

    Attributes:
        blocks: what the model sees of it.
        chain: hash of the prefix that ends with each block.
        key: hash of the whole request.
        sealing: what its thinking is bound to.
        extra: fields of the reply that say what was withheld from the model.
    """

    blocks: list[Block]
    chain: list[bytes]
    key: str
    sealing: Sealing
    extra: Json

    @property
    def tokens(self) -> int:
        return sum(block.tokens for block in self.blocks)


class Brain:
    """Answers requests of all protocols; equal requests get equal answers and are billed again."""

    def __init__(
        self, player: Player, ledger: Ledger, clock: Callable[[], float], options: BrainOptions
    ) -> None:
        """Let `player` answer, and write bills to `ledger`."""
        self.models = KnownModels()
        self._player = player
        self._ledger = ledger
        self._clock = clock
        self._options = options
        self._caches = {name: PromptCache(clock) for name in ("anthropic", "openai")}
        self._fingerprints = Fingerprints()
        self._replies: OrderedDict[str, ScriptedReply] = OrderedDict()
        self._lock = threading.Lock()
        self._player_lock = threading.Lock()

    def count(self, wire: Wire, body: Json) -> int:
        """Return the input tokens of a request.

        Raises:
            RefusedError: it is not well formed.
        """
        return sum(block.tokens for block in wire.blocks(body))

    def answer(self, wire: Wire, body: Json, fault: PlannedFault | None) -> Outcome:
        """Answer a request and bill it.

        Raises:
            RefusedError: the provider would refuse it; nothing is billed.
        """
        reading = self._read(wire, body)
        kind = fault.kind if fault else ""
        if kind in SPOILED:
            self._tell(wire, body, reading)
            said = _spoiled(kind)
        else:
            said = self._ask(wire, body, reading)
        with self._lock:
            use = self._use_cache(wire, body, reading)
            fingerprint = Fingerprint.of(body, reading.blocks, reading.chain)
            told = self._fingerprints.told(body, reading.chain, fingerprint, use)
            outcome = self._outcome(wire, body, reading, said, kind, use)
            outcome = replace(outcome, extra=reading.extra | told)
            self._fingerprints.keep(wire.reply_id(outcome), fingerprint)
        bill = Bill(
            request=reading.key,
            model=outcome.model,
            tokens_in=use.fresh,
            tokens_cache_read=use.read,
            tokens_cache_write=use.written,
            tokens_out=outcome.tokens_out,
            tokens_cache_write_long=use.written_long,
            protocol=wire.name,
            response=wire.reply_id(outcome),
            is_background=bool(body.get("background")) and wire.name == "responses",
            fault=kind,
        )
        self._ledger.charge(bill)
        return outcome

    def overhear(self, wire: Wire, body: Json) -> None:
        """Let the player hear of a question that fails before it is read."""
        try:
            self._tell(wire, body, self._read(wire, body))
        except RefusedError:
            return

    def _read(self, wire: Wire, body: Json) -> _Reading:
        """Check a request and read it.

        Raises:
            RefusedError: the provider would refuse it.
        """
        blocks = wire.blocks(body)
        seed, salt = wire.seeds(body, blocks)
        chain = prefixes(seed, blocks, salt)
        key = _request_key(chain, blocks, wire.options(body))
        extra: Json = {}
        sealing = check_seals(body["model"], blocks)
        if self._options.binds_thinking and wire.name != "chat" and sealing.broken:
            extra = broken_seals(wire.family, body, blocks, sealing)
            blocks = [block for i, block in enumerate(blocks) if i not in set(sealing.broken)]
            chain = prefixes(seed, blocks, salt)
            sealing = check_seals(body["model"], blocks)
        reading = _Reading(blocks, chain, key, sealing, extra)
        window = self._options.context_tokens
        if window is not None and reading.tokens > window and body.get("truncation") != "auto":
            self._tell(wire, body, reading)
            raise wire.overflow(reading.tokens, window)
        return reading

    def _ask(self, wire: Wire, body: Json, reading: _Reading) -> ScriptedReply:
        """Return the player's answer, the same as before to a question it knows.

        Raises:
            RefusedError: the player cannot answer.
        """
        with self._player_lock:
            kept = self._replies.get(reading.key)
            if kept is not None:
                self._replies.move_to_end(reading.key)
                return kept
            question = _question(wire, body, reading)
            try:
                reply = self._player.reply(question)
            except ValueError as error:
                raise invalid(str(error)) from error
            self._replies[reading.key] = reply
            if len(self._replies) > _MOST_REPLIES:
                self._replies.popitem(last=False)
            return reply

    def _tell(self, wire: Wire, body: Json, reading: _Reading) -> None:
        """Tell a player that listens of a question that it is not asked."""
        with self._player_lock:
            if isinstance(self._player, Listener):
                self._player.hear(_question(wire, body, reading))

    def _use_cache(self, wire: Wire, body: Json, reading: _Reading) -> CacheUse:
        cache = self._caches[wire.family]
        if wire.family == "anthropic":
            automatic = body.get("cache_control")
            lifetime = None if automatic is None else str(automatic.get("ttl") or "5m")
            shortest = self.models.rules(body["model"]).shortest_cache_tokens
            return use_anthropic(cache, reading.blocks, reading.chain, lifetime, shortest)
        options = body.get("prompt_cache_options") or {}
        return use_openai(
            cache,
            reading.blocks,
            reading.chain,
            is_implicit=options.get("mode", "implicit") == "implicit",
            lifetime=options.get("ttl", "30m"),
        )

    def _outcome(
        self,
        wire: Wire,
        body: Json,
        reading: _Reading,
        said: ScriptedReply,
        kind: str,
        use: CacheUse,
    ) -> Outcome:
        """Return what of an answer is sent, and how it ends."""
        if not wire.thinks(body):
            said = replace(said, thinking="")
        arguments = _ARGUMENTS.get(kind, json.dumps(said.arguments))
        stop: Stop = _STOPS.get(kind, "whole")
        most = wire.most_tokens(body)
        window = self._options.context_tokens
        room = None if window is None else window - use.total
        for limit, reason in ((most, "truncated"), (room, "context_full")):
            if limit is not None and reply_tokens(said, arguments) > limit:
                said, arguments = cut_off(said, arguments, limit)
                stop = "truncated" if reason == "truncated" else "context_full"
        thought = text_tokens(said.thinking)
        seal = reading.sealing.seal(thought).written() if said.thinking else ""
        tokens_out = 0 if most == 0 else reply_tokens(said, arguments)
        number = self._ledger.next_number()
        return Outcome(
            id=f"{reading.key[:16]}{number:06d}",
            part=reading.key[:24],
            model=body["model"],
            said=said,
            arguments=arguments,
            stop=stop,
            use=use,
            tokens_out=tokens_out,
            tokens_thinking=thought,
            seal=seal,
            created=int(self._clock()),
        )


def _question(wire: Wire, body: Json, reading: _Reading) -> Question:
    return Question(body["model"], _said(reading.blocks), wire.tools(body))


def _said(blocks: list[Block]) -> tuple[Said, ...]:
    """Return a conversation without its tools, as players hear it."""
    said: list[Said] = []
    message = 0
    for block in blocks:
        if block.section is not Section.TOOLS and block.kind != TRAILING:
            said.append(Said(block.role, message, block.texts))
        message += block.ends_message
    return tuple(said)


def _spoiled(kind: str) -> ScriptedReply:
    """Return an answer that is of no use."""
    return ScriptedReply("Hm.", _CALLED.get(kind, "press_buttons"))


def _request_key(chain: list[bytes], blocks: list[Block], options: Json) -> str:
    """Return the hash of a request: its blocks, its breakpoints, and everything else in it.

    The same question is the same whether its answer is streamed or not.
    """
    options = {key: value for key, value in options.items() if key not in _TRANSPORT}
    marks = [(index, block.mark) for index, block in enumerate(blocks) if block.mark is not None]
    rest = json.dumps([options, marks], sort_keys=True)
    return hashlib.sha256((chain[-1] if chain else b"") + rest.encode()).hexdigest()
