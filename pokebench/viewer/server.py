"""The server behind the page: a few addresses that can be read, over one or several runs."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pokebench.errors import PokebenchError
from pokebench.trajectory import Tail
from pokebench.types import JsonObject
from pokebench.viewer.live import Broadcast
from pokebench.viewer.opening import Opening

if TYPE_CHECKING:
    from pokebench.viewer.shown import ShownRun

MOST_RUNS: Final = 4
"""Runs that can be seen side by side."""
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def make_app(
    records: list[Tail], rom: Path | None, cache_folder: Path, table: Path | None = None
) -> Starlette:
    """Return the server of runs, without a guard; it answers while it reads them.

    Args:
        records: those of 1 to `MOST_RUNS` runs; nothing but their manifests was read.
        rom: the person's ROM, for games that are not generated.
        cache_folder: the person's own cache folder.
        table: the person's table, for games that pokebench has none of.
    """
    pages = _Pages(Opening(records, rom, cache_folder, table))

    @asynccontextmanager
    async def alive(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(pages.watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    return Starlette(
        routes=pages.routes(),
        lifespan=alive,
        exception_handlers={PokebenchError: _refused},
    )


class _Pages:
    """What can be asked for; what needs the runs waits until they are open."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._are_open = asyncio.Event()
        self._broadcast = Broadcast([])

    async def watch(self) -> None:
        """Open the runs, and follow them for ever."""
        runs = await self._opening.runs()
        self._broadcast = broadcast = Broadcast(runs)
        self._are_open.set()
        await self._opening.prepare(runs)
        for place in range(len(runs)):
            await broadcast.tell(place)
        indexing = self._opening.indexing(broadcast.simulated)
        if any(run.simulation.state == "pending" for run in runs):
            indexing.start()
        try:
            await broadcast.watch(indexing.start)
        finally:
            indexing.close()
            for run in runs:
                run.close()

    def routes(self) -> list[Route]:
        """Return all addresses."""
        return [
            Route("/", self._index),
            Route("/static/{name}", self._static),
            Route("/api/opening", self._progress),
            Route("/api/runs", self._all),
            Route("/api/{run:int}/turns/{chunk:int}", self._turns),
            Route("/api/{run:int}/raw/{line:int}", self._raw),
            Route("/api/{run:int}/saw/{turn:int}", self._saw),
            Route("/api/{run:int}/search", self._search),
            Route("/api/{run:int}/screen/{frame:int}", self._screen),
            Route("/api/{run:int}/screens/{start:int}", self._film),
            Route("/api/{run:int}/map", self._map),
            Route("/api/{run:int}/map.png", self._map_png),
            Route("/api/{run:int}/path", self._path),
            Route("/api/{run:int}/battles", self._battles),
            Route("/api/{run:int}/live", self._live),
        ]

    async def _run(self, request: Request) -> "ShownRun":
        place: int = request.path_params["run"]
        await self._are_open.wait()
        if place >= len(self._broadcast.runs):
            raise HTTPException(404, "there is no such run on this page")
        return self._broadcast.runs[place]

    async def _index(self, _: Request) -> Response:
        return _file("index.html")

    async def _static(self, request: Request) -> Response:
        return _file(request.path_params["name"])

    async def _progress(self, _: Request) -> Response:
        return JSONResponse(self._opening.progress())

    async def _all(self, _: Request) -> Response:
        await self._are_open.wait()
        return await _told(lambda: [run.told() for run in self._broadcast.runs])

    async def _turns(self, request: Request) -> Response:
        run = await self._run(request)
        return await _told(lambda: run.turns(request.path_params["chunk"]))

    async def _raw(self, request: Request) -> Response:
        run = await self._run(request)
        text = await asyncio.to_thread(run.raw, request.path_params["line"])
        return PlainTextResponse(text)

    async def _saw(self, request: Request) -> Response:
        run = await self._run(request)
        return await _told(lambda: run.saw(request.path_params["turn"]))

    async def _search(self, request: Request) -> Response:
        run = await self._run(request)
        return await _told(lambda: run.search(request.query_params.get("q", "")))

    async def _screen(self, request: Request) -> Response:
        run = await self._run(request)
        png = await asyncio.to_thread(run.screen, request.path_params["frame"])
        return Response(png, media_type="image/png")

    async def _film(self, request: Request) -> Response:
        run = await self._run(request)
        every, count = (_number(request.query_params.get(name)) for name in ("every", "count"))
        chunk = await asyncio.to_thread(run.film, request.path_params["start"], every, count)
        return Response(chunk, media_type="application/octet-stream")

    async def _map(self, request: Request) -> Response:
        run = await self._run(request)
        return await _told(run.map)

    async def _map_png(self, request: Request) -> Response:
        run = await self._run(request)
        return Response(await asyncio.to_thread(run.map_png), media_type="image/png")

    async def _path(self, request: Request) -> Response:
        run = await self._run(request)
        return await _told(run.path)

    async def _battles(self, request: Request) -> Response:
        run = await self._run(request)
        return await _told(lambda: {"spans": run.battles()})

    async def _live(self, request: Request) -> Response:
        await self._run(request)
        known = request.headers.get("last-event-id") or request.query_params.get("after")
        line = _number(known)
        events = self._broadcast.events(request.path_params["run"], line)
        return StreamingResponse(events, media_type="text/event-stream")


def _number(text: str | None) -> int:
    """Return a number that was asked with; 0 for what is none."""
    return int(text) if text is not None and re.fullmatch("[0-9]{1,15}", text) else 0


async def _told(make: Callable[[], JsonObject | list[JsonObject]]) -> Response:
    content = await asyncio.to_thread(lambda: to_json(make()))
    return Response(content, media_type="application/json")


async def _refused(_: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 409)


@cache
def _files() -> dict[str, bytes]:
    """Return the page's own files by name; there are no others to be had."""
    folder = resources.files("pokebench.viewer") / "static"
    return {item.name: item.read_bytes() for item in folder.iterdir() if item.is_file()}


def _file(name: str) -> Response:
    content = _files().get(name)
    kind = _TYPES.get(Path(name).suffix)
    if content is None or kind is None:
        raise HTTPException(404, "there is no such file")
    return Response(content, media_type=kind)
