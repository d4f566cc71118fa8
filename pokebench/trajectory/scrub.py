"""Keeps keys out of a record, and text in it that can be read again."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from pokebench.trajectory.events import Event

E = TypeVar("E", bound=Event)
REMOVED: Final = "[key removed]"
SHORTEST_SECRET: Final = 8
_SECRET_NAME: Final = re.compile(
    r"(^|_)(API_?KEY|ACCESS_?KEY|KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)(_|\d|$)"
)
_KEY: Final = re.compile(
    r"(?<![A-Za-z0-9_+/=-])(?:"
    r"(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}"
    r"|gh[opsu]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{36,}|hf_[A-Za-z0-9]{30,}"
    r"|AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|AKIA[A-Z0-9]{16}(?![A-Z0-9])|xox[abp]-[A-Za-z0-9-]{20,}"
    r")"
    r"|(?<![A-Za-z0-9])Bearer [A-Za-z0-9._~+/=-]{16,}"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"
)
"""Looks like a key; not inside longer words, so that signatures of providers stay as they are."""
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class Scrubber:
    """Removes keys from events, wherever a model, an error or an agent repeated one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Remove `secrets`, and whatever has the form of a key."""
        known = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
        in_json = {json.dumps(secret, ensure_ascii=False)[1:-1] for secret in known}
        self._known = _any_of(known)
        self._known_in_json = _any_of(known | in_json)

    @classmethod
    def of_environment(cls, environment: Mapping[str, str], named: str = "") -> "Scrubber":
        """Remove the values of environment variables that are secrets.

        Args:
            environment: all variables.
            named: one that is a secret, whatever its name.
        """
        return cls(
            value
            for name, value in environment.items()
            if name == named or _SECRET_NAME.search(name.upper())
        )

    def scrub(self, event: E) -> E:
        """Return an event without keys; the same one, if there are none."""
        if not self._is_dirty(event.as_json):
            return event
        return type(event).model_validate_json(json.dumps(self._clean(event.body())))

    def finds(self, text: str) -> bool:
        """Return whether a line of JSON holds a known secret, or what has the form of a key."""
        has_secret = self._known_in_json is not None and self._known_in_json.search(text)
        return bool(has_secret or _KEY.search(text))

    def _is_dirty(self, text: str) -> bool:
        return self.finds(text) or _SURROGATE.search(text) is not None

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._clean_text(value)
        if isinstance(value, dict):
            return {self._clean(key): self._clean(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._clean(item) for item in value)
        return value

    def _clean_text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(REMOVED, text)
        text = _KEY.sub(REMOVED, text)
        return text.encode("utf-8", "replace").decode()


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds any of `words`, longer ones first; None if there are none."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
