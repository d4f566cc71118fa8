"""Pictures inside requests: what they are, how large, and how many tokens they take."""

import base64
import binascii
import math
import struct
from dataclasses import dataclass
from typing import Any, Final

from pokebench.testing.refusal import invalid

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_HEAD_CHARACTERS: Final = 64
_UNKNOWN_SIZE: Final = (160, 144)
_JPEG_SIZE_MARKERS: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a request.

    Attributes:
        media_type: what the request says it is.
        data: base64.
    """

    media_type: str
    data: str

    def check(self, param: str) -> None:
        """Check that it is a PNG or a JPEG, and what it is said to be.

        Raises:
            RefusedError: it is not.
        """
        try:
            head = base64.b64decode(self.data[:_HEAD_CHARACTERS], validate=True)
        except binascii.Error:
            raise invalid(f"{param}: invalid base64 data", param, "invalid_base64_image") from None
        actual = ""
        if head.startswith(_PNG):
            actual = "image/png"
        elif head.startswith(_JPEG):
            actual = "image/jpeg"
        if not actual:
            raise invalid(
                f"{param}: could not process image: supported are ['image/jpeg', 'image/png']",
                param,
                "invalid_image_format",
            )
        if actual != self.media_type:
            raise invalid(
                f"{param}: the image was specified using the {self.media_type} media type, "
                f"but it appears to be {actual}",
                param,
                "invalid_image_format",
            )

    def size(self) -> tuple[int, int]:
        """Return width and height in pixels."""
        head = base64.b64decode(self.data[:_HEAD_CHARACTERS])
        if head.startswith(_PNG):
            width, height = struct.unpack(">II", head[16:24])
            return width, height
        return _jpeg_size(base64.b64decode(self.data))

    def tokens(self, family: str) -> int:
        """Return its tokens: one for each patch, by the published formulas."""
        width, height = self.size()
        if family == "anthropic":
            return math.ceil(width / 28) * math.ceil(height / 28)
        return math.ceil(1.2 * math.ceil(width / 32) * math.ceil(height / 32))


def picture_of(part: dict[str, Any]) -> Picture | None:
    """Return the picture of a content part of any of the protocols; None if it is none."""
    kind = part.get("type")
    if kind == "image":
        source = part.get("source")
        if isinstance(source, dict) and source.get("type") == "base64":
            return Picture(str(source.get("media_type", "")), str(source.get("data", "")))
        return None
    if kind in ("image_url", "input_image"):
        url = part.get("image_url")
        address = str(url.get("url", "")) if isinstance(url, dict) else str(url or "")
        head, comma, data = address.partition(";base64,")
        return Picture(head.removeprefix("data:"), data) if comma else None
    return None


def _jpeg_size(raw: bytes) -> tuple[int, int]:
    """Return a JPEG's size, by walking over its segments."""
    at = 2
    while at + 9 <= len(raw) and raw[at] == 0xFF:
        if raw[at + 1] in _JPEG_SIZE_MARKERS:
            height, width = struct.unpack(">HH", raw[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return _UNKNOWN_SIZE
