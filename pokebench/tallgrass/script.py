"""Assembles scripts: what happens when somebody is talked to, or a place is stepped on."""

import struct
from collections.abc import Callable
from typing import Self

from pokebench.tallgrass.format import MAX_SCRIPT_BYTES, Key, Op


class Script:
    """One script under construction; each method appends an operation and returns the script.

    Jumps name a label; `label` says where it is, before or after.
    """

    def __init__(self, text_id: Callable[[str], int]) -> None:
        self._text_id = text_id
        self._code = bytearray()
        self._labels: dict[str, int] = {}
        self._jumps: list[tuple[int, str]] = []

    def say(self, text: str) -> Self:
        """Show a text."""
        return self._operation(Op.TEXT, struct.pack("<H", self._text_id(text)))

    def set_flag(self, flag: int) -> Self:
        """Set a story flag."""
        return self._operation(Op.SET, struct.pack("<H", flag))

    def if_flag(self, flag: int, label: str) -> Self:
        """Jump when the flag is set."""
        return self._operation(Op.IF_FLAG, struct.pack("<H", flag), label)

    def give(self, item: int, quantity: int = 1) -> Self:
        """Put an item into the bag."""
        return self._operation(Op.GIVE, bytes((item, quantity)))

    def take(self, item: int) -> Self:
        """Take one of an item out of the bag."""
        return self._operation(Op.TAKE_ITEM, bytes((item,)))

    def unless_item(self, item: int, label: str) -> Self:
        """Jump when the bag lacks the item."""
        return self._operation(Op.NEED_ITEM, bytes((item,)), label)

    def heal(self) -> Self:
        """Heal the party and remember this place."""
        return self._operation(Op.HEAL)

    def battle(self, trainer: int) -> Self:
        """Fight a trainer; the script goes on only after a win."""
        return self._operation(Op.TRAINER, bytes((trainer,)))

    def give_creature(self, species: int, level: int) -> Self:
        """Add a creature to the party."""
        return self._operation(Op.GIVE_CREATURE, bytes((species, level)))

    def shop(self) -> Self:
        """Open the shop."""
        return self._operation(Op.SHOP, b"\0")

    def ask(self, label: str) -> Self:
        """Ask yes or no about the text before; jump on no."""
        return self._operation(Op.YES_NO, b"", label)

    def badge(self, badge: int) -> Self:
        """Give badge 0 to 7."""
        return self._operation(Op.BADGE, bytes((badge,)))

    def milestone(self, bit: int) -> Self:
        """Set a milestone."""
        return self._operation(Op.MILESTONE, bytes((bit,)))

    def jump(self, label: str) -> Self:
        """Go on at a label."""
        return self._operation(Op.JUMP, b"", label)

    def key(self, key: Key) -> Self:
        """Give a tool."""
        return self._operation(Op.KEY, bytes((key,)))

    def unless_badges(self, count: int, label: str) -> Self:
        """Jump when the player has fewer badges."""
        return self._operation(Op.NEED_BADGES, bytes((count,)), label)

    def money(self, amount: int) -> Self:
        """Add coins."""
        return self._operation(Op.MONEY, struct.pack("<H", amount))

    def end(self) -> Self:
        """Stop here."""
        return self._operation(Op.END)

    def label(self, name: str) -> Self:
        """Name this place for jumps."""
        if name in self._labels:
            raise ValueError(f"label {name!r} is there twice")
        self._labels[name] = len(self._code)
        return self

    def assemble(self) -> bytes:
        """Return the script's bytes, with an end.

        Raises:
            ValueError: a label is missing, or the script is too long.
        """
        code = bytearray(self._code)
        code.append(Op.END)
        for place, label in self._jumps:
            if label not in self._labels:
                raise ValueError(f"no label {label!r}")
            code[place] = self._labels[label]
        if len(code) > MAX_SCRIPT_BYTES:
            raise ValueError(f"{len(code)} bytes of script, at most {MAX_SCRIPT_BYTES} fit")
        return bytes(code)

    def _operation(self, operation: Op, operands: bytes = b"", label: str | None = None) -> Self:
        self._code.append(operation)
        self._code += operands
        if label is not None:
            self._jumps.append((len(self._code), label))
            self._code.append(0)
        return self
