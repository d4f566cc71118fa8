"""An agent that asks a model: what it is told, what its replies do, and when its memory turns over.

Inside an epoch the conversation only grows, so that providers can read it from their caches and
accept their own reasoning back. When it is long enough, or a segment is over, the model writes a
hand-over, and a new epoch begins with that, its notes, and what is to be seen.
"""

from typing import Final

from pokebench.agent.card import AgentCard
from pokebench.agent.conversation import Conversation
from pokebench.agent.ports import Journal, ModelLine
from pokebench.agent.prompt import handover_question, system_prompt
from pokebench.agent.toolbox import Toolbox, ToolError
from pokebench.agent.tools import Answer, NewNotes, ToolCalls, tool_specs
from pokebench.agent.words import bounded
from pokebench.models.protocol import (
    ImagePart,
    Part,
    Reply,
    Request,
    Stop,
    TextPart,
    ToolCall,
    Usage,
    UserMessage,
)
from pokebench.types import EndReason, JsonObject, Observation, Turn

MOST_REJECTED: Final = 10
"""Unusable replies in a row after which the episode ends."""
MOST_ASIDES: Final = 10
"""Calls in a row that do not advance the game; more are unusable."""
REFUSALS_BEFORE_NEW_EPOCH: Final = 3
"""Refusals in a row after which a fresh context is tried: something in this one offends."""
CACHED_SHARE: Final = 0.9
"""A reply that reads less of what was sent before from the cache is recorded as a miss."""
_MOST_WORDS: Final = 4000
_REJECTIONS: Final = {
    Stop.TRUNCATED: ("truncated", "Your last reply was too long and was cut off. Be brief."),
    Stop.REFUSED: ("refused", "Your last reply was a refusal. This is a harmless game; go on."),
    Stop.FILTERED: ("filtered", "Your last reply was withheld by a filter. Go on with the game."),
    Stop.END: ("no_tool_call", "You called no tool. Act by calling one."),
}
_ENDINGS: Final = {
    "refused": EndReason.REFUSALS,
    "filtered": EndReason.REFUSALS,
    "no_tool_call": EndReason.AGENT_IDLE,
}


class ModelAgent:
    """Plays by asking a model on a line."""

    def __init__(
        self,
        card: AgentCard,
        line: ModelLine,
        journal: Journal,
        manual: str | None,
        task: str | None = None,
    ) -> None:
        """Ask on `line`; tell `journal` what is no button.

        Args:
            card: the agent.
            line: to the model.
            journal: takes notes, epochs, cache misses and rejected replies.
            manual: the world's manual, if there is one.
            task: what is asked for, if not the whole game.

        Raises:
            ConfigError: a prompt of the card is missing or malformed.
        """
        harness, self._context = card.harness, card.context
        names = card.context.tools_of(harness.allows)
        self._prompt = system_prompt(card, manual, task)
        self._handover_question = handover_question(card)
        self._image_scale = harness.image_scale
        self._tools = tool_specs(names, harness.max_buttons, harness.notes_characters)
        self._toolbox = Toolbox(harness.allows, harness.max_buttons)
        self._calls = ToolCalls(self._toolbox, names, harness.notes_characters)
        self._line = line
        self._journal = journal
        self._conversation = Conversation()
        self._notes = self._handover = ""
        self._epoch = self._epoch_turns = 0
        self._cached_tokens = 0
        self._rejected = self._refused = self._asides = 0

    def act(self, observation: Observation) -> Turn:
        """Tell the model what came of its last turn, and ask until it advances the game."""
        self._toolbox.see(observation)
        trace = observation.trace
        seen = self._seen(observation, trace.words() if trace else "Done: ")
        self._conversation.show(seen)
        ending = self._epoch_ending()
        if ending:
            self._begin_epoch(observation, ending)
        was_full = False
        while True:
            reply = self._line.ask(self._request(), "turn")
            if reply.stop is Stop.CONTEXT_FULL:
                if was_full:
                    return Turn((), "the context is full", ended=EndReason.CONTEXT_OVERFLOW)
                was_full = True
                self._begin_epoch(observation, "overflow")
                continue
            turn = self._take(reply)
            if turn is not None:
                self._epoch_turns += 1
                return turn
            if self._refused >= REFUSALS_BEFORE_NEW_EPOCH:
                self._begin_epoch(observation, "refusals")

    def state(self) -> JsonObject:
        """Return all memory; what is counted in a row is zero between turns."""
        return {
            "conversation": self._conversation.to_json(),
            "explored": self._toolbox.to_json(),
            "notes": self._notes,
            "handover": self._handover,
            "epoch": self._epoch,
            "epoch_turns": self._epoch_turns,
            "cached_tokens": self._cached_tokens,
        }

    def restore(self, state: JsonObject) -> None:
        """Take back a memory."""
        self._conversation = Conversation.from_json(state["conversation"])
        self._toolbox.restore(state["explored"])
        self._notes = state["notes"]
        self._handover = state["handover"]
        self._epoch = state["epoch"]
        self._epoch_turns = state["epoch_turns"]
        self._cached_tokens = state["cached_tokens"]

    def _seen(self, observation: Observation, words: str) -> tuple[Part, ...]:
        text = f"{words}\n\n{observation.text}" if observation.text is not None else words
        parts: list[Part] = [TextPart(text)]
        if observation.screen is not None:
            parts.append(ImagePart(observation.screen, self._image_scale))
        return tuple(parts)

    def _request(self) -> Request:
        return Request(
            self._prompt, self._tools, self._conversation.messages, after=self._conversation.last_id
        )

    def _take(self, reply: Reply) -> Turn | None:
        """Take a reply; return a turn if it advances the game, None to ask the model again."""
        self._conversation.last_id = reply.id
        self._count_tokens(reply)
        if reply.stop is not Stop.TOOL_CALL or not reply.tool_calls:
            return self._reject(reply)
        self._conversation.hear(reply.echo)
        first, *others = reply.tool_calls
        for call in others:
            words = "One call a reply: this one was not done."
            self._conversation.answer(call.id, words, is_error=True)
        try:
            return self._do(first, bounded(reply.text, _MOST_WORDS))
        except ToolError as error:
            self._refused = 0
            self._conversation.answer(first.id, f"Not done: {error}.", is_error=True)
            return self._count_rejected("unusable_call", str(error))

    def _do(self, call: ToolCall, words: str) -> Turn | None:
        """Do a call; an aside answers at once and asks again.

        Raises:
            ToolError: it cannot be done.
        """
        done = self._calls.do(call, words)
        if isinstance(done, Turn):
            self._conversation.owe(call.id)
            self._rejected = self._refused = self._asides = 0
            return done
        self._asides += 1
        if self._asides > MOST_ASIDES:
            raise ToolError(f"{MOST_ASIDES} calls in a row did not advance the game; act now")
        self._rejected = self._refused = 0
        if isinstance(done, NewNotes):
            self._notes = done.text
            self._journal.record("notes", {"text": done.text})
        words = done.text if isinstance(done, Answer) else "Your notes are kept."
        self._conversation.answer(call.id, words)
        return None

    def _reject(self, reply: Reply) -> Turn | None:
        """Tell the model that its reply could not be used; end the episode after many in a row."""
        stop = reply.stop if reply.stop in _REJECTIONS else Stop.END
        kind, words = _REJECTIONS[stop]
        if stop is Stop.END and reply.text.strip():
            self._conversation.hear(reply.echo)  # without a word it would be refused back
        self._conversation.say(words)
        self._refused = self._refused + 1 if stop in (Stop.REFUSED, Stop.FILTERED) else 0
        return self._count_rejected(kind, reply.detail)

    def _count_rejected(self, kind: str, detail: str) -> Turn | None:
        self._rejected += 1
        self._journal.record("rejected", {"kind": kind, "detail": bounded(detail, 300)})
        if self._rejected < MOST_REJECTED:
            return None
        ended = _ENDINGS.get(kind, EndReason.AGENT_MALFORMED)
        return Turn((), f"{self._rejected} unusable replies in a row", ended=ended)

    def _count_tokens(self, reply: Reply) -> None:
        """Keep the size of the context, and record when the cache did not hold what was sent."""
        read = reply.usage.tokens_cache_read
        if read < CACHED_SHARE * self._cached_tokens:
            reason = reply.cache_miss or "not told"
            miss = {"expected": self._cached_tokens, "read": read, "reason": reason}
            self._journal.record("cache_miss", miss)
        self._conversation.tokens = _context_tokens(reply.usage) + reply.usage.tokens_out
        self._cached_tokens = read + reply.usage.tokens_cache_write

    def _epoch_ending(self) -> str:
        """Return why the epoch ends here, or ""."""
        if self._conversation.tokens > self._context.epoch_tokens:
            return "tokens"
        if self._conversation.images > self._context.epoch_images:
            return "images"
        is_split = self._context.mode == "split"
        return "turns" if is_split and self._epoch_turns >= self._context.segment_turns else ""

    def _begin_epoch(self, observation: Observation, reason: str) -> None:
        """Open a new context with notes, hand-over and the present moment.

        A context that is full, or whose content is refused, cannot be asked for a hand-over: then
        the last one has to do.
        """
        before, turns = self._conversation.tokens, self._epoch_turns
        if reason in ("tokens", "images", "turns"):
            self._handover = self._ask_handover()
        self._epoch += 1
        self._epoch_turns = self._cached_tokens = self._refused = 0
        words = (
            f"{_section('Your notes', self._notes)}{_section('The hand-over', self._handover)}"
            "Done: \n\nThis is what you see now."
        )
        self._conversation.begin(self._seen(observation, words))
        epoch = {"number": self._epoch, "reason": reason, "tokens": before, "turns": turns}
        kept = {"handover": self._handover, "notes_characters": len(self._notes)}
        self._journal.record("epoch", epoch | kept)

    def _ask_handover(self) -> str:
        """Ask for a hand-over.

        It is asked on the same prefix, which is cached, so the tools stay; they are taken away only
        if the model calls one instead.
        """
        question = UserMessage((TextPart(self._handover_question),))
        messages = (*self._conversation.messages, question)
        for may_call_tools in (True, False):
            after = self._conversation.last_id
            request = Request(self._prompt, self._tools, messages, may_call_tools, after)
            reply = self._line.ask(request, "summary")
            handover = bounded(reply.text, self._context.handover_characters)
            if reply.stop is not Stop.TOOL_CALL and handover:
                return handover
        return handover or self._handover


def _context_tokens(usage: Usage) -> int:
    return usage.tokens_in + usage.tokens_cache_read + usage.tokens_cache_write


def _section(title: str, text: str) -> str:
    return f"{title}:\n{text}\n\n" if text else ""
