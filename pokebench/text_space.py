"""The space of text observations, made to work in the shared memory of `AsyncVectorEnv`.

Gymnasium 1.4 reads a `Text` space from shared memory once, when the vector environment is made,
and hands
out that first reading for ever. Arrays do not suffer from it, since they are views of the memory.
What this
space reads is a view, too: a sequence that decodes the memory whenever it is looked at or copied.
"""

from collections.abc import Sequence
from ctypes import c_int32
from multiprocessing.sharedctypes import SynchronizedArray
from typing import Any, Final, overload

import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils.shared_memory import read_from_shared_memory

from pokebench.types import LONGEST_TEXT, TEXT_CHARACTERS

MAX_LENGTH: Final = LONGEST_TEXT
CHARACTERS: Final = TEXT_CHARACTERS


class ScreenText(spaces.Text):
    """Text of at most `MAX_LENGTH` of `CHARACTERS`."""

    def __init__(self) -> None:
        super().__init__(max_length=MAX_LENGTH, min_length=0, charset=CHARACTERS)


class SharedTexts(Sequence[str]):
    """The texts that stand in shared memory now, one for each environment."""

    def __init__(self, space: ScreenText, memory: "np.ndarray[Any, np.dtype[np.int32]]") -> None:
        """Look at `memory`, `(environments, MAX_LENGTH) int32` indices of characters."""
        self._characters = space.character_list
        self._memory = memory

    def __len__(self) -> int:
        return len(self._memory)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        known = len(self._characters)
        return "".join(self._characters[at] for at in self._memory[index] if at < known)

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        """Return the texts themselves: what a step hands out stays as it is."""
        return tuple(self)


@read_from_shared_memory.register(ScreenText)
def _read_screen_text(
    space: ScreenText, shared_memory: "SynchronizedArray[c_int32]", n: int = 1
) -> SharedTexts:
    memory = np.frombuffer(shared_memory.get_obj(), dtype=np.int32)  # type: ignore[call-overload]
    return SharedTexts(space, memory.reshape((n, space.max_length)))
