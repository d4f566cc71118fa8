import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pokebench.cli.view import listen
from tests.viewer.conftest import Viewed, served


class Server:
    """Asks a server with headers of one's own."""

    def __init__(self, address: str) -> None:
        split = urlsplit(address)
        self.name = split.netloc
        self.token = split.query
        assert split.hostname is not None
        assert split.port is not None
        self._where = (split.hostname, split.port)

    def ask(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(*self._where, timeout=120)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": self.name} | given)
        answer = connection.getresponse()
        result = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return result


@pytest.fixture
def server(view: Viewed, oracle_run: Path) -> Server:
    return Server(view(oracle_run))


def test_an_answer_forbids_all_but_the_pages_own_files(server: Server) -> None:
    status, headers, page = server.ask("/")

    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert b"<script>" not in page
    assert b"style=" not in page


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", ""])
def test_another_name_is_refused(server: Server, host: str) -> None:
    assert server.ask("/api/runs", Host=host)[0] == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
def test_another_site_is_refused(server: Server, origin: str) -> None:
    assert server.ask("/api/runs", Origin=origin)[0] == 403
    assert server.ask("/api/runs", Sec_Fetch_Site="cross-site")[0] == 403
    assert server.ask("/api/runs", Origin=f"http://{server.name}")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_written(server: Server, method: str) -> None:
    assert server.ask("/api/runs", method)[0] == 405


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py", "/static/..%2fserver.py", "/static/%2e%2e/server.py",
        "/static//etc/passwd", "/static/__init__.py", "/../../etc/passwd", "/api/1/turns/0",
        "/api/-1/turns/0", "/api/0/turns/x", "/manifest.json", "/events.jsonl", "/run.lock",
    ],
)  # fmt: skip
def test_nothing_but_the_page_and_its_runs_can_be_had(server: Server, path: str) -> None:
    status, _, body = server.ask(path)

    assert status == 404
    assert b"import" not in body


def test_what_is_out_of_reach_is_refused_in_words(server: Server) -> None:
    for path in ("/api/0/screen/99999999", "/api/0/screens/99999999", "/api/0/raw/99999999"):
        status, _, words = server.ask(path)
        assert status == 409
        assert words
    assert json.loads(server.ask("/api/0/turns/99999999")[2])["turns"] == []


@pytest.mark.slow
def test_an_address_that_others_can_reach_asks_for_a_token(
    oracle_run: Path, tmp_path: Path
) -> None:
    with served(tmp_path, oracle_run, "--host", "0.0.0.0") as (address, _):
        server = Server(address)
        assert server.token.startswith("token=")
        host = server.name.replace("0.0.0.0", "127.0.0.1")
        assert server.ask("/api/runs", Host=host)[0] == 401
        assert server.ask("/?token=wrong", Host=host)[0] == 401
        assert server.ask("/api/runs", Host="evil.example")[0] == 421
        status, headers, _ = server.ask(f"/?{server.token}", Host=host)

        assert (status, headers["location"]) == (307, "/")
        assert "HttpOnly" in headers["set-cookie"]
        cookie = headers["set-cookie"].split(";")[0]
        assert server.ask("/api/runs", Host=host, Cookie=cookie)[0] == 200


def first_growth(server: Server, line: int) -> dict[str, Any]:
    """Return what a page is told first that comes back after it was told a line."""
    connection = http.client.HTTPConnection(*server._where, timeout=120)
    headers = {"Host": server.name, "Last-Event-ID": str(line)}
    with closing(connection):
        connection.request("GET", "/api/0/live?after=0", headers=headers)
        with connection.getresponse() as answer:
            kind = ""
            for raw in answer:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                kind = value if name == "event" else kind
                if name == "data" and kind == "growth":
                    growth: dict[str, Any] = json.loads(value)
                    return growth
    raise AssertionError("nothing was told")


def test_a_page_that_comes_back_is_told_what_it_missed(server: Server) -> None:
    told = json.loads(server.ask("/api/runs")[2])[0]["growth"]
    known = told["line"] // 2

    growth = first_growth(server, known)

    assert growth["after"] == known
    assert growth["line"] == told["line"]
    first = growth["first_turn"]
    assert growth["turns"]["frame"] == told["turns"]["frame"][first:]


@pytest.mark.slow
def test_a_server_that_is_stopped_ends_what_is_asked_without_a_word(
    random_run: Path, tmp_path: Path
) -> None:
    stopped = served(tmp_path, random_run, stderr=subprocess.PIPE)
    with stopped as (address, process), ThreadPoolExecutor(1) as asking:
        server = Server(address)
        with urllib.request.urlopen(f"{address}api/0/live", timeout=60) as live:
            assert live.readline() == b"retry: 700\n"
            film = asking.submit(server.ask, "/api/0/screens/0?every=64&count=1024")
            server.ask("/api/runs")
            process.send_signal(signal.SIGINT)

            assert b"data" in live.read(), "what was under way is ended, not cut off"
        assert film.result()[0] in (200, 503)
        _, complaints = process.communicate(timeout=60)

    assert "Traceback" not in complaints
    assert "Cancel" not in complaints


def test_an_answer_is_sent_at_once_and_does_not_wait_for_more() -> None:
    async def is_set() -> bool:
        told: asyncio.Queue[int] = asyncio.Queue()

        def met(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            told.put_nowait(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = listen("127.0.0.1", 0)
        async with await asyncio.start_server(met, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            option = await told.get()
            writer.close()
        return bool(option)

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, is_set()).result()


@pytest.mark.slow
def test_a_server_that_is_stopped_waits_for_no_record(oracle_run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "manifest.json").write_bytes((oracle_run / "manifest.json").read_bytes())
    os.mkfifo(folder / "events.jsonl")  # whoever reads it waits for ever
    with served(tmp_path, folder, stderr=subprocess.PIPE) as (address, process):
        asked = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        asked.request("GET", "/api/runs")
        assert Server(address).ask("/api/opening")[2] == b'{"read":0,"of":0}'
        process.send_signal(signal.SIGINT)
        with closing(asked):
            assert asked.getresponse().status == 503
        _, complaints = process.communicate(timeout=60)

    assert "Traceback" not in complaints
