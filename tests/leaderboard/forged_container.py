"""Folders and zips that are traps: links, devices, crowds, holes, paths, bombs."""

import os
import stat
import warnings
import zipfile
from pathlib import Path
from typing import Any

from pokebench.leaderboard.submission import SUBMISSION_NAME
from tests.leaderboard.draws import PATHS, Rng, one
from tests.leaderboard.forger import Draft, write_folder, write_zip

# Folders


def link(draft: Draft, rng: Rng, out: Path) -> Path:
    write_folder(draft.files, out)
    name = one(rng, sorted(draft.files))
    real = out.parent / f"{out.name}-real"
    real.write_bytes((out / name).read_bytes())
    (out / name).unlink()
    kind = int(rng.integers(3))
    if kind == 0:
        (out / name).symlink_to(real)
    elif kind == 1:
        (out / name).hardlink_to(real)
    else:
        (out / name).symlink_to(one(rng, ["/etc/passwd", "/dev/zero", "/proc/self/environ", name]))
    return out


def linked_folder(draft: Draft, rng: Rng, out: Path) -> Path:
    write_folder(draft.files, out)
    real = out.parent / f"{out.name}-real"
    place = one(rng, [out / "runs", out / "runs" / draft.run_id, out])
    place.rename(real)
    place.symlink_to(real, target_is_directory=True)
    return out


def device(draft: Draft, rng: Rng, out: Path) -> Path:
    write_folder(draft.files, out)
    path = out / one(rng, sorted(draft.files))
    path.unlink()
    if rng.integers(2):
        os.mkfifo(path)
    else:
        path.mkdir()
    return out


def missing_file(draft: Draft, rng: Rng, out: Path) -> Path:
    del draft.files[one(rng, sorted(draft.files))]
    out.mkdir()
    return write_folder(draft.files, out)


def extra_file(draft: Draft, rng: Rng, out: Path) -> Path:
    write_folder(draft.files, out)
    names = ["rom.gb", "runs/rom.gb", f"runs/{draft.run_id}/state", f"runs/{draft.run_id}/.x",
             "runs/x/y", "conftest.py", f"runs/{'b' * 32}/manifest.json", "SUBMISSION.json",
             "a\nb", "<b>"]  # fmt: skip
    path = out / one(rng, names)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    return out


def many_files(draft: Draft, rng: Rng, out: Path) -> Path:
    write_folder(draft.files, out)
    place = one(rng, [out, out / "runs", out / "runs" / draft.run_id])
    for number in range(300):
        (place / f"{number:032x}").mkdir()
    return out


def large_file(draft: Draft, rng: Rng, out: Path) -> Path:
    """A file with a hole: it takes no disk, and reading it would take hours."""
    write_folder(draft.files, out)
    with (out / one(rng, sorted(draft.files))).open("r+b") as file:
        file.truncate(1 << int(rng.integers(27, 40)))
    return out


def no_folder(draft: Draft, rng: Rng, out: Path) -> Path:
    kind = int(rng.integers(4))
    if kind == 0:
        out.write_bytes(rng.bytes(500))
    elif kind == 1:
        out.mkdir()
    elif kind == 2:
        os.mkfifo(out)
    return out


def odd_name(draft: Draft, rng: Rng, out: Path) -> Path:
    names = ["a b", "<b>x", "-rf", ".hidden", "x" * 130, "ü", "a;b"]
    return write_folder(draft.files, out.parent / f"{out.name}d" / one(rng, names))


# Zips


def zip_path(draft: Draft, rng: Rng, out: Path) -> Path:
    members: list[tuple[Any, bytes]] = [*draft.files.items(), (one(rng, PATHS), b"evil")]
    return write_zip(members, out)


def zip_twice(draft: Draft, rng: Rng, out: Path) -> Path:
    name = one(rng, sorted(draft.files))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return write_zip([*draft.files.items(), (name, draft.files[name])], out)


def zip_link(draft: Draft, rng: Rng, out: Path) -> Path:
    members: list[tuple[Any, bytes]] = list(draft.files.items())
    place = int(rng.integers(len(members)))
    info = zipfile.ZipInfo(members[place][0])
    kind = one(rng, [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR, stat.S_IFSOCK])
    info.external_attr = (kind | 0o777) << 16
    members[place] = (info, b"/etc/passwd")
    return write_zip(members, out)


def zip_bomb(draft: Draft, rng: Rng, out: Path) -> Path:
    name = one(rng, sorted(draft.files))
    draft.files[name] = b"\0" * (int(rng.integers(40, 80)) << 20)
    return write_zip(list(draft.files.items()), out, zipfile.ZIP_DEFLATED)


def zip_lying_size(draft: Draft, rng: Rng, out: Path) -> Path:
    """A bomb whose directory says that it is small."""
    draft.files[SUBMISSION_NAME] = b"\0" * (20 << 20)
    path = write_zip(list(draft.files.items()), out, zipfile.ZIP_DEFLATED)
    data = path.read_bytes().replace((20 << 20).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    path.write_bytes(data)
    return path


def zip_crowd(draft: Draft, rng: Rng, out: Path) -> Path:
    crowd = [(f"runs/{number:032x}/manifest.json", b"") for number in range(4000)]
    return write_zip([*draft.files.items(), *crowd], out)


def zip_damaged(draft: Draft, rng: Rng, out: Path) -> Path:
    path = write_zip(list(draft.files.items()), out, one(rng, [0, 8]))
    data = bytearray(path.read_bytes())
    kind = int(rng.integers(3))
    if kind == 0:
        del data[int(rng.integers(len(data))) :]
    elif kind == 1:
        data += b"tail"
    else:
        start = int(rng.integers(30, len(data) - 100))
        data[start : start + 40] = rng.bytes(40)
    path.write_bytes(bytes(data))
    return path


def zip_comment(draft: Draft, rng: Rng, out: Path) -> Path:
    return write_zip(list(draft.files.items()), out, comment=rng.bytes(int(rng.integers(1, 999))))


def zip_of_odd_method(draft: Draft, rng: Rng, out: Path) -> Path:
    return write_zip(
        list(draft.files.items()), out, one(rng, [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    )
