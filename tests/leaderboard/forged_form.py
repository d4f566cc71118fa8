"""Broken forms and bytes: `submission.json`, numbers, nesting, frames, bombs."""

import json

import zstandard

from pokebench.leaderboard.submission import SUBMISSION_NAME
from pokebench.trajectory.chain import Chain
from tests.leaderboard.draws import MARKUP, NUMBERS, Rng, one
from tests.leaderboard.forger import Draft, sealed

# The form


def hostile_form_text(draft: Draft, rng: Rng) -> None:
    texts = [("submitter", "name"), ("submitter", "url"), ("declaration", "snapshot")]
    place, key = one(rng, [*texts, ("declaration", "declared_at")])
    draft.form[place][key] = one(rng, MARKUP)


def hostile_notes(draft: Draft, rng: Rng) -> None:
    draft.form["declaration"]["notes"] = one(rng, ["a\u202eb", "x\x00y", "\x1b[2J", "n" * 3000])


def hostile_url(draft: Draft, rng: Rng) -> None:
    urls = ["javascript:alert(1)", "http://x", "https://x\"onload=1", "data:text/html,x", "https://",
            "https://a b", "file:///etc/passwd", "https://x/<b>"]  # fmt: skip
    draft.form["submitter"]["url"] = one(rng, urls)


def extra_key(draft: Draft, rng: Rng) -> None:
    place = one(rng, [draft.form, draft.form["submitter"], draft.form["runs"][0]])
    place[one(rng, ["score", "rank", "level", "milestones", "__proto__"])] = one(rng, [1, "x", {}])


def claim_level(draft: Draft, rng: Rng) -> None:
    draft.form["proof"] = {"level": "reproduced", "by": "the board", "on": "2026-01-01"}


def wrong_counts(draft: Draft, rng: Rng) -> None:
    key = one(rng, ["runs_declared", "runs_started"])
    draft.form["declaration"][key] = one(rng, [0, -1, 1 << 70, 1.5, "many", None, True, [1]])


def wrong_digest(draft: Draft, rng: Rng) -> None:
    run = draft.form["runs"][0]
    key = one(rng, ["manifest_sha256", "events_sha256", "packed_sha256"])
    run[key] = one(rng, ["0" * 64, run[key].upper(), run[key][:-1], "", None, 0])
    if run[key] == "0" * 64 or not isinstance(run[key], str) or run[key].isupper():
        return


def wrong_size(draft: Draft, rng: Rng) -> None:
    size = draft.form["runs"][0]["events_bytes"]
    draft.form["runs"][0]["events_bytes"] = one(rng, [size - 1, size + 1, 0, -5, 1 << 62, 10**400])


def twice_in_the_form(draft: Draft, rng: Rng) -> None:
    draft.form["runs"] *= int(rng.integers(2, 5))
    draft.form["declaration"] |= {"runs_declared": 9, "runs_started": 9}


def a_run_that_is_not_there(draft: Draft, rng: Rng) -> None:
    draft.form["runs"].append(
        {**draft.form["runs"][0], "run_id": f"{int(rng.integers(9999)):032x}"}
    )
    draft.form["declaration"] |= {"runs_declared": 9, "runs_started": 9}


def no_runs(draft: Draft, rng: Rng) -> None:
    draft.form["runs"] = one(rng, [[], {}, None, "all", [None], [[]]])


def other_schema(draft: Draft, rng: Rng) -> None:
    draft.form["schema"] = one(rng, [0, 2, 99, "1", None, 1.5])


def odd_run_id(draft: Draft, rng: Rng) -> None:
    ids = ["../../evil", "a" * 31, "A" * 32, "", "0" * 32, "a" * 5000, "..", None, 7, "g" * 32]
    draft.form["runs"][0]["run_id"] = one(rng, ids)


# Bytes


def odd_number(draft: Draft, rng: Rng) -> None:
    """Numbers that JSON has no right to hold, in the form or the manifest; digests fit."""
    number = one(rng, NUMBERS)
    if rng.integers(2):
        text = json.dumps(draft.form).replace('"runs_declared": 1', f'"runs_declared": {number}')
        draft.files[SUBMISSION_NAME] = text.encode()
        return
    seed = f'"seed": {draft.manifest["seed"]}'
    manifest = json.dumps(draft.manifest).replace(seed, f'"seed": {number}').encode()
    draft.refit_bytes(manifest, sealed(manifest, draft.record))


def odd_number_in_events(draft: Draft, rng: Rng) -> None:
    manifest = json.dumps(draft.manifest).encode()
    chain, lines, number = Chain(manifest), [], one(rng, NUMBERS)
    at = int(rng.integers(2, len(draft.record)))
    for index, event in enumerate(draft.record):
        body = json.dumps({"i": index} | event, separators=(",", ":"))
        if index == at:
            body = body.replace(f'"f":{event["f"]}', f'"f":{number}')
        lines.append(chain.seal(body.encode()) + b"\n")
    draft.refit_bytes(manifest, b"".join(lines))


def deep_json(draft: Draft, rng: Rng) -> None:
    depth = int(rng.integers(1000, 120_000))
    deep = b"[" * depth + b"]" * depth
    where = int(rng.integers(3))
    if where == 0:
        draft.files[SUBMISSION_NAME] = b'{"schema":1,"runs":' + deep + b"}"
        return
    manifest = json.dumps(draft.manifest).encode()
    if where == 1:
        manifest = b'{"x":' + deep[: 2 * depth] + b"," + manifest[1:]
        draft.refit_bytes(manifest, sealed(manifest, draft.record))
        return
    line = Chain(manifest).seal(b'{"i":0,"t":"agent","f":0,"what":"x","data":' + deep + b"}")
    draft.refit_bytes(manifest, line + b"\n")


def duplicate_keys(draft: Draft, rng: Rng) -> None:
    if rng.integers(2):
        text = draft.files[SUBMISSION_NAME]
        draft.files[SUBMISSION_NAME] = text.replace(b'{"schema"', b'{"schema": 1, "schema"', 1)
        draft.files[SUBMISSION_NAME] = b'{"schema": 1,' + text.lstrip()[1:]
        return
    manifest = b'{"seed": 3,' + json.dumps(draft.manifest).encode()[1:]
    draft.refit_bytes(manifest, sealed(manifest, draft.record))


def no_json(draft: Draft, rng: Rng) -> None:
    name = one(rng, [SUBMISSION_NAME, draft.manifest_name])
    draft.files[name] = one(rng, [b"", b"[]", b"null", b"\xff\xfe", b"{", b"\x00" * 100, b"7"])


def flip_bit(draft: Draft, rng: Rng) -> None:
    name = one(rng, [draft.packed_name, draft.manifest_name])
    data = bytearray(draft.files[name])
    data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
    draft.files[name] = bytes(data)


def flip_bit_that_fits(draft: Draft, rng: Rng) -> None:
    """A bit of the record; all digests are made to fit, the chain is not."""
    data = bytearray(draft.events)
    data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(7))
    draft.refit_bytes(draft.files[draft.manifest_name], bytes(data))


def reorder_lines(draft: Draft, rng: Rng) -> None:
    lines = draft.events.splitlines(keepends=True)
    place = int(rng.integers(1, len(lines) - 1))
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    draft.refit_bytes(draft.files[draft.manifest_name], b"".join(lines))


def cut_record(draft: Draft, rng: Rng) -> None:
    events = draft.events
    draft.refit_bytes(draft.files[draft.manifest_name], events[: int(rng.integers(1, len(events)))])


def cut_packed(draft: Draft, rng: Rng) -> None:
    packed, events = draft.files[draft.packed_name], draft.events
    cut = packed[: int(rng.integers(0, len(packed)))]
    draft.refit_bytes(draft.files[draft.manifest_name], events, cut)


def behind_the_frame(draft: Draft, rng: Rng) -> None:
    packed, events = draft.files[draft.packed_name], draft.events
    tail = one(rng, [b"\0", b"ROM" * 999, zstandard.ZstdCompressor().compress(b""), packed,
                     b"\x50\x2a\x4d\x18\x04\x00\x00\x00ROM!"])  # fmt: skip
    draft.refit_bytes(draft.files[draft.manifest_name], events, packed + tail)


def before_the_frame(draft: Draft, rng: Rng) -> None:
    packed, events = draft.files[draft.packed_name], draft.events
    hidden = b"\x50\x2a\x4d\x18\x04\x00\x00\x00ROM!"
    draft.refit_bytes(draft.files[draft.manifest_name], events, hidden + packed)


def zstd_bomb(draft: Draft, rng: Rng) -> None:
    size = int(rng.integers(60, 127)) << 20
    packer = zstandard.ZstdCompressor(level=int(rng.integers(1, 4)))
    packed = packer.compress(one(rng, [b"\0", b"\n", b"{"]) * size)
    draft.refit_bytes(draft.files[draft.manifest_name], b"", packed)
    claimed = one(rng, [size, len(draft.record) * 80, 1])
    draft.form["runs"][0]["events_bytes"] = claimed
    draft.refit_form()


def wide_window(draft: Draft, rng: Rng) -> None:
    """A frame that makes its reader take 1 GiB of memory."""
    settings = zstandard.ZstdCompressionParameters.from_level(
        1, window_log=int(rng.integers(24, 31)), enable_ldm=True
    )
    packer = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    packed = packer.compress(draft.events) + packer.flush()
    draft.refit_bytes(draft.files[draft.manifest_name], draft.events, packed)


def long_line(draft: Draft, rng: Rng) -> None:
    noise = rng.bytes(int(rng.integers(9, 12)) << 20).hex().encode()
    manifest = draft.files[draft.manifest_name]
    body = b'{"i":0,"t":"agent","f":0,"what":"x","data":{"x":"' + noise + b'"}}'
    draft.refit_bytes(manifest, Chain(manifest).seal(body) + b"\n")
