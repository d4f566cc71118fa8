"""What forgers draw from."""

from typing import Any

import numpy as np

Rng = np.random.Generator

MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a\u202eb", "x\x00y", "\ud800",
    "a\x1b[2Jb", " padded ", "", "n" * 5000, "line\nline", "</title><h1>1st</h1>", "javascript:0",
)  # fmt: skip
NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "-1", "0", "1" + "0" * 400, "9" * 5000,
           str(1 << 63), "-0.5", "1e-400", "true", '"7"', "[]", "null")  # fmt: skip
PATHS = (
    "../evil", "/tmp/evil", "runs/../../evil", "runs\\..\\evil", "C:/evil", "runs/./evil",
    "runs//evil", "RUNS/x", "submission.json/x", "submission.json ", "runs/\u2024\u2024/evil",
    "runs/" + "a" * 32 + "/rom.gb", "runs/" + "A" * 32 + "/manifest.json", ".git/config", "~/evil",
    "runs/" + "a" * 32 + "/events.jsonl.zst/../manifest.json", "con", "a\nb", "x" * 3000,
)  # fmt: skip


def one(rng: Rng, items: Any) -> Any:
    """Draw one."""
    return items[int(rng.integers(len(items)))]
