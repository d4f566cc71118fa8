"""An agent that asks a model: what it is told, what it may answer, and how its memory is kept.

Inside an epoch the conversation only grows, so that providers can read it from their caches and
accept their own reasoning back. When it is long enough, the model writes a summary, and a new epoch
begins with its notes, the summary and what it sees.
"""

from typing import Final

from pokebench.agent.card import ContextPart, HarnessPart
from pokebench.agent.conversation import messages_from_json, messages_to_json
from pokebench.agent.picture import png_of
from pokebench.agent.ports import Journal, ModelLine
from pokebench.agent.tools import Press, UnusableCallError, parse_call, tool_specs
from pokebench.models.protocol import (
    AssistantMessage,
    ImagePart,
    Message,
    Part,
    Reply,
    Request,
    Stop,
    TextPart,
    ToolResult,
    UserMessage,
)
from pokebench.types import EndReason, JsonObject, Observation, Policy, Trace, Turn

MOST_REJECTED: Final = 10
"""Unusable replies in a row after which the episode ends."""
_SUMMARY: Final = (
    "What you have seen so far will now be cleared; your notes stay. Write a hand-over to yourself "
    "of at most {characters} characters: where you are, what you are doing and why, what you "
    "learned, what to do next. Answer with the text alone, without calling a tool."
)
_REJECTIONS: Final = {
    Stop.TRUNCATED: ("truncated", "Your last reply was too long and was cut off. Be brief."),
    Stop.REFUSED: ("refused", "Your last reply was a refusal. This is a harmless game; go on."),
    Stop.FILTERED: ("filtered", "Your last reply was withheld by a filter. Go on with the game."),
    Stop.END: ("no_tool_call", "You called no tool. Act by calling press_buttons."),
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
        prompt: str,
        harness: HarnessPart,
        context: ContextPart,
        line: ModelLine,
        journal: Journal,
    ) -> None:
        """Ask on `line`; tell `journal` what is no button.

        Args:
            prompt: the system prompt, with the world's manual if the book is open.
            harness: tools and pictures.
            context: how memory is kept.
            line: to the model.
            journal: takes notes, compactions and rejected replies.
        """
        self._prompt = prompt
        self._harness = harness
        self._context = context
        self._line = line
        self._journal = journal
        self._tools = tool_specs(harness.max_buttons, harness.notes_characters)
        self._messages: list[Message] = []
        self._pending = ""
        self._notes = ""
        self._summary = ""
        self._tokens = 0
        self._rejected = 0
        self._epoch = 0

    def act(self, observation: Observation) -> Turn:
        """Tell the model what came of its last turn, and ask until it presses buttons."""
        self._report(observation)
        if self._tokens > self._context.epoch_tokens:
            self._begin_epoch(observation)
        was_compacted = False
        while True:
            reply = self._line.ask(self._request(), "turn")
            if reply.stop is Stop.CONTEXT_FULL:
                if was_compacted:
                    return Turn((), "the context is full", ended=EndReason.CONTEXT_OVERFLOW)
                was_compacted = True
                self._begin_epoch(observation, can_ask=False)
                continue
            turn = self._take(reply)
            if turn is not None:
                return turn

    def state(self) -> JsonObject:
        """Return all memory."""
        return {
            "messages": messages_to_json(self._messages),
            "pending": self._pending,
            "notes": self._notes,
            "summary": self._summary,
            "tokens": self._tokens,
            "rejected": self._rejected,
            "epoch": self._epoch,
        }

    def restore(self, state: JsonObject) -> None:
        """Take back a memory."""
        self._messages = messages_from_json(state["messages"])
        self._pending = state["pending"]
        self._notes = state["notes"]
        self._summary = state["summary"]
        self._tokens = state["tokens"]
        self._rejected = state["rejected"]
        self._epoch = state["epoch"]

    def _report(self, observation: Observation) -> None:
        """Append what came of the last turn: the answer to its call, or the opening message."""
        parts = self._seen(observation, _trace_words(observation.trace))
        if self._pending:
            self._messages.append(ToolResult(self._pending, parts))
            self._pending = ""
        else:
            self._messages.append(UserMessage(parts))

    def _seen(self, observation: Observation, words: str) -> tuple[Part, ...]:
        text = f"{words}\n\n{observation.text}" if observation.text is not None else words
        parts: list[Part] = [TextPart(text)]
        if observation.screen is not None:
            parts.append(ImagePart(png_of(observation.screen, self._harness.image_scale)))
        return tuple(parts)

    def _request(self) -> Request:
        return Request(self._prompt, self._tools, tuple(self._messages))

    def _take(self, reply: Reply) -> Turn | None:
        """Take a reply; return a turn if it presses buttons, None to ask the model again."""
        usage = reply.usage
        read = usage.tokens_in + usage.tokens_cache_read + usage.tokens_cache_write
        self._tokens = read + usage.tokens_out
        if reply.stop is not Stop.TOOL_CALL or not reply.tool_calls:
            return self._reject(reply)
        self._messages.append(AssistantMessage(reply.echo))
        first, *others = reply.tool_calls
        for call in others:
            self._answer(call.id, "One call a reply: this one was not done.", is_error=True)
        try:
            asked = parse_call(first, self._harness.max_buttons, self._harness.notes_characters)
        except UnusableCallError as error:
            return self._reject_call(first.id, str(error))
        self._rejected = 0
        if isinstance(asked, Press):
            self._pending = first.id
            return Turn(asked.actions, reply.text, Policy.CAREFUL)
        self._notes = asked.text
        self._journal.record("notes", {"text": asked.text})
        self._answer(first.id, "Your notes are kept.")
        return None

    def _reject(self, reply: Reply) -> Turn | None:
        """Tell the model that its reply could not be used; end the episode after many in a row."""
        stop = reply.stop if reply.stop in _REJECTIONS else Stop.END
        kind, words = _REJECTIONS[stop]
        if stop is Stop.END and reply.echo:
            self._messages.append(AssistantMessage(reply.echo))
        self._messages.append(UserMessage((TextPart(words),)))
        return self._count_rejected(kind, reply.detail)

    def _reject_call(self, call_id: str, words: str) -> Turn | None:
        self._answer(call_id, f"Not done: {words}.", is_error=True)
        return self._count_rejected("unusable_call", words)

    def _count_rejected(self, kind: str, detail: str) -> Turn | None:
        self._rejected += 1
        self._journal.record("rejected", {"kind": kind, "detail": detail[:300]})
        if self._rejected < MOST_REJECTED:
            return None
        ended = _ENDINGS.get(kind, EndReason.AGENT_MALFORMED)
        return Turn((), f"{self._rejected} unusable replies in a row", ended=ended)

    def _answer(self, call_id: str, words: str, *, is_error: bool = False) -> None:
        self._messages.append(ToolResult(call_id, (TextPart(words),), is_error))

    def _begin_epoch(self, observation: Observation, *, can_ask: bool = True) -> None:
        """Clear the context; notes, a summary and the present moment open the new one."""
        before = self._tokens
        if can_ask:
            self._summary = self._ask_summary()
        self._epoch += 1
        self._tokens = 0
        words = (
            f"{_section('Your notes', self._notes)}{_section('Your hand-over', self._summary)}"
            "Done: \n\nThis is what you see now."
        )
        self._messages = [UserMessage(self._seen(observation, words))]
        self._journal.record(
            "epoch", {"number": self._epoch, "tokens_before": before, "summary": self._summary}
        )

    def _ask_summary(self) -> str:
        most = self._context.summary_characters
        question = UserMessage((TextPart(_SUMMARY.format(characters=most)),))
        messages = (*self._messages, question)
        request = Request(self._prompt, self._tools, messages, may_call_tools=False)
        reply = self._line.ask(request, "summary")
        return reply.text[:most]


def _trace_words(trace: Trace | None) -> str:
    """Return what came of a turn, in words, with the line of all steps taken."""
    if trace is None:
        return "Done: "
    lines = []
    if trace.effects:
        lines.append("Presses: " + ", ".join(trace.effects) + ".")
    if trace.stopped:
        lines.append(f"Stopped early: {trace.stopped}.")
    lines.append(f"Done: {trace.done}")
    return "\n".join(lines)


def _section(title: str, text: str) -> str:
    return f"{title}:\n{text}\n\n" if text else ""
