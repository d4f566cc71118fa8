"""The files of an exported page: its own, and pieces of data as scripts that it loads when needed.

A page that is opened from a file may load scripts and nothing else, so each piece is a script that
hands over one text; `static/source_files.js` reads them. In a page of a single file each piece is a
block of text instead.
"""

import base64
import hashlib
import html
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Protocol

GENERATOR: Final = '<meta name="generator" content="pokebench export">'
"""What marks a page as exported."""
MOST_PIECES: Final = 999_999
_DATA_POLICY: Final = "require-trusted-types-for 'script'; trusted-types pokebench-data"
_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:; "
    "script-src {scripts}; style-src {styles}; " + _DATA_POLICY
)
_LEVEL: Final = 9
_SCRIPT: Final = re.compile(r'<script src="static/([a-z_]+\.js)"></script>\n?')
_STYLE: Final = re.compile(r'<link rel="stylesheet" href="static/([a-z_]+\.css)">\n?')
_ICON: Final = 'href="static/icon.svg"'
_SERVED: Final = {"source_http.js": "source_files.js", "start_http.js": "start_files.js"}


class Pieces(Protocol):
    """Where pieces of data go, and in the end the page."""

    def put(self, number: int, data: bytes) -> int:
        """Take a piece; return how many bytes it takes up."""
        ...

    def finish(self, note: str) -> int:
        """Write the page with a note under it, "" for none; return how many bytes it takes up."""
        ...


class FolderPieces:
    """A page in a folder, each piece a script beside it."""

    def __init__(self, folder: Path) -> None:
        """Write into `folder`, which is empty."""
        self._folder = folder
        (folder / "data").mkdir()

    def put(self, number: int, data: bytes) -> int:
        """Write a piece; return its file's size."""
        text = f'PokebenchData({number},"{base64.b64encode(data).decode()}");\n'
        (self._folder / "data" / f"{number:06d}.js").write_text(text, "ascii")
        return len(text)

    def finish(self, note: str) -> int:
        """Write the page and what it is made of."""
        static = self._folder / "static"
        static.mkdir()
        size = 0
        for name in (*_scripts(), *_styles(), "icon.svg"):
            (static / name).write_bytes(_own()[name])
            size += len(_own()[name])
        page = _head(_template(), "'self'", "'self'")
        page = _SCRIPT.sub(
            lambda found: f'<script src="static/{_exported(found[1])}"></script>\n', page
        )
        page = _noted(page, note)
        (self._folder / "index.html").write_text(page, "utf-8")
        return size + len(page.encode())


class SinglePieces:
    """A page that is one file, each piece a block of text in it."""

    def __init__(self, path: Path) -> None:
        """Write to `path`."""
        self._path = path
        self._blocks: dict[int, str] = {}

    def put(self, number: int, data: bytes) -> int:
        """Keep a piece; return the length of its block."""
        text = base64.b64encode(data).decode()
        block = f'<script type="text/plain" id="data-{number:06d}">{text}</script>\n'
        self._blocks[number] = block
        return len(block)

    def finish(self, note: str) -> int:
        """Write the page with everything in it."""
        script = "\n".join(_own()[name].decode() for name in _scripts())
        style = "\n".join(_own()[name].decode() for name in _styles())
        icon = base64.b64encode(_own()["icon.svg"]).decode()
        page = _head(_template(), _allowed(script), _allowed(style))
        page = page.replace(_ICON, f'href="data:image/svg+xml;base64,{icon}"')
        page = _STYLE.sub("", page).replace("</head>", f"<style>{style}</style>\n</head>")
        page = _noted(_SCRIPT.sub("", page), note)
        before, after = page.split("</body>")
        with self._path.open("w", encoding="utf-8") as file:
            file.write(before)
            file.writelines(self._blocks.values())
            file.write(f"<script>{script}</script>\n</body>{after}")
        blocks = sum(len(block) for block in self._blocks.values())
        return self._path.stat().st_size - blocks


def packed_json(value: Any) -> bytes:
    """Return JSON as a piece: its length as u32, then a zlib stream."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    data = text.encode("utf-8", "replace")
    return len(data).to_bytes(4, "little") + zlib.compress(data, _LEVEL)


def index_of(runs: list[Mapping[str, Any]], hashes: Mapping[int, str]) -> bytes:
    """Return the piece with number 0, which tells of all others."""
    return packed_json({"format": "pokebench-export/1", "runs": runs, "sha256": dict(hashes)})


def digest(data: bytes) -> str:
    """Return the hash by which a piece is checked."""
    return hashlib.sha256(data).hexdigest()


def is_export(folder: Path) -> bool:
    """Return whether a folder holds an exported page, and so may be replaced."""
    try:
        with (folder / "index.html").open(encoding="utf-8") as file:
            return GENERATOR in file.read(4096)
    except (OSError, ValueError):
        return False


@cache
def _own() -> dict[str, bytes]:
    folder = resources.files("pokebench.viewer") / "static"
    return {item.name: item.read_bytes() for item in folder.iterdir() if item.is_file()}


def _template() -> str:
    return _own()["index.html"].decode()


def _scripts() -> list[str]:
    return [_exported(name) for name in _SCRIPT.findall(_template())]


def _styles() -> Iterator[str]:
    return iter(_STYLE.findall(_template()))


def _exported(name: str) -> str:
    return _SERVED.get(name, name)


def _head(page: str, scripts: str, styles: str) -> str:
    policy = _POLICY.format(scripts=scripts, styles=styles)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n{GENERATOR}\n'
    charset = '<meta charset="utf-8">\n'
    return page.replace(charset, charset + meta, 1)


def _noted(page: str, note: str) -> str:
    footer = f'<footer id="rights">{html.escape(note)}</footer>\n' if note else ""
    return page.replace("</body>", f"{footer}</body>")


def _allowed(text: str) -> str:
    """Return how a policy allows exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
