"""The items of a response as they are streamed: opened empty, filled in pieces, closed."""

from typing import Any

from pokebench.testing.wire import pieces

Json = dict[str, Any]


def item_events(index: int, item: Json) -> list[Json]:
    """Return the events of one output item, without their numbers."""
    makers = {"reasoning": _reasoning, "message": _message, "function_call": _call}
    blank, events = makers[item["type"]](index, item)
    added = {"type": "response.output_item.added", "output_index": index, "item": blank}
    done = {"type": "response.output_item.done", "output_index": index, "item": item}
    return [added, *events, done]


def _reasoning(index: int, item: Json) -> tuple[Json, list[Json]]:
    events: list[Json] = []
    kind = "response.reasoning_summary_part"
    for number, part in enumerate(item["summary"]):
        where = {"item_id": item["id"], "output_index": index, "summary_index": number}
        empty = part | {"text": ""}
        events.append({"type": f"{kind}.added", **where, "part": empty})
        events += _texts("response.reasoning_summary_text", where, "text", part["text"])
        events.append({"type": f"{kind}.done", **where, "part": part})
    return item | {"summary": [], "encrypted_content": ""}, events


def _message(index: int, item: Json) -> tuple[Json, list[Json]]:
    events: list[Json] = []
    for number, part in enumerate(item["content"]):
        where = {"item_id": item["id"], "output_index": index, "content_index": number}
        name = "refusal" if part["type"] == "refusal" else "text"
        kind = "response.refusal" if name == "refusal" else "response.output_text"
        extra: Json = {"logprobs": []} if name == "text" else {}
        empty = part | {name: ""}
        events.append({"type": "response.content_part.added", **where, "part": empty})
        events += _texts(kind, where | extra, name, part[name])
        events.append({"type": "response.content_part.done", **where, "part": part})
    return item | {"content": [], "status": "in_progress"}, events


def _call(index: int, item: Json) -> tuple[Json, list[Json]]:
    where = {"item_id": item["id"], "output_index": index}
    kind = "response.function_call_arguments"
    events = _texts(kind, where, "arguments", item["arguments"])
    return item | {"arguments": "", "status": "in_progress"}, events


def _texts(kind: str, where: Json, name: str, text: str) -> list[Json]:
    """Return the deltas of a text and its whole."""
    deltas: list[Json] = [
        {"type": f"{kind}.delta", **where, "delta": piece} for piece in pieces(text)
    ]
    return [*deltas, {"type": f"{kind}.done", **where, name: text}]
