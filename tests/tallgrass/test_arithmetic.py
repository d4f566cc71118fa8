"""The compiler's arithmetic against Python's: a wrong result here is a wrong game."""

import io
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyboy import PyBoy  # noqa: TID251

from pokebench.tallgrass.rng import Pcg32

BUILD = Path(__file__).resolve().parents[2] / "tallgrass" / "build.py"
OPERANDS, WORDS, LONGS, GO, DONE, BYTES = 0xC0A0, 0xC0C0, 0xC120, 0xC180, 0xC181, 0xC190
EDGES = (0, 1, 2, 3, 5, 7, 10, 100)
CASES = 400
CHOSEN = {0: 7, 1: 9, 2: 11, 3: 3, 7: 4, 8: 1, 200: 77}

Operands = tuple[int, int, int, int, int, int]

pytestmark = pytest.mark.skipif(shutil.which("sdcc") is None, reason="sdcc is not installed")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("torture") / "torture.gb"
    subprocess.run([sys.executable, str(BUILD), "--torture", str(path)], check=True)
    boy: Any = PyBoy(
        io.BytesIO(path.read_bytes()), window="null", sound_emulated=False, log_level="ERROR"
    )
    boy.set_emulation_speed(0)
    boy.tick(200, False, False)
    yield boy
    boy.stop(save=False)


def signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def quotient(dividend: int, divisor: int) -> int:
    """Division as C does it: towards zero."""
    size = abs(dividend) // abs(divisor)
    return -size if (dividend < 0) != (divisor < 0) else size


def sign_of(left: int, right: int) -> int:
    return (left > right) - (left < right)


def operand(rng: Pcg32, bits: int) -> int:
    if rng.chance(1, 3):
        return rng.choice((*EDGES, (1 << bits) - 1, 1 << (bits - 1), (1 << (bits - 1)) - 1))
    return rng.below(1 << 16) << 16 | rng.below(1 << 16) if bits == 32 else rng.below(1 << bits)


def cases() -> list[Operands]:
    rng = Pcg32(1, 1)
    return [
        (
            operand(rng, 8), operand(rng, 8), operand(rng, 16),
            operand(rng, 16), operand(rng, 32), operand(rng, 32),
        )
        for _ in range(CASES)
    ]  # fmt: skip


def compute(boy: Any, operands: Operands) -> dict[str, int]:
    for place, byte in enumerate(struct.pack("<BBHHII", *operands)):
        boy.memory[OPERANDS + place] = byte
    boy.memory[DONE] = 0
    boy.memory[GO] = 1
    for _ in range(100):
        boy.tick(1, False, False)
        if boy.memory[DONE]:
            break
    words = struct.unpack("<32H", bytes(boy.memory[WORDS : WORDS + 64]))
    longs = struct.unpack("<16I", bytes(boy.memory[LONGS : LONGS + 64]))
    single = bytes(boy.memory[BYTES : BYTES + 16])
    results = {f"word {i}": value for i, value in enumerate(words)}
    results |= {f"long {i}": value for i, value in enumerate(longs)}
    return results | {f"byte {i}": value for i, value in enumerate(single)}


def expected_products(o: Operands) -> dict[str, int]:
    a, b, c, d, e, f = o
    return {
        "word 0": a * b, "word 1": signed(a, 8) * signed(b, 8), "word 2": signed(a, 8) * b,
        "word 3": c * d, "word 4": signed(c, 16) * signed(d, 16), "long 0": e * f,
        "long 1": c * d, "long 2": signed(c, 16) * signed(d, 16), "long 3": a * c,
    }  # fmt: skip


def expected_quotients(o: Operands) -> dict[str, int]:
    a, b, c, d, e, f = o
    results: dict[str, int] = {}
    if b:
        results |= {
            "word 5": a // b, "word 6": a % b, "word 7": quotient(signed(a, 8), signed(b, 8)),
            "word 8": c // b, "word 9": c % b,
        }  # fmt: skip
    if d:
        results |= {
            "word 10": c // d, "word 11": c % d,
            "word 12": quotient(signed(c, 16), signed(d, 16)),
        }  # fmt: skip
    if f:
        results |= {"long 4": e // f, "long 5": e % f}
    return results


def expected_shifts_and_sums(o: Operands) -> dict[str, int]:
    a, b, c, d, e, f = o
    return {
        "word 13": c << (b & 15), "word 14": c >> (b & 15), "word 15": signed(c, 16) >> (b & 15),
        "word 16": a << (b & 7) & 0xFF, "word 17": a >> (b & 7),
        "word 18": signed(a, 8) >> (b & 7), "long 6": e << (b & 31), "long 7": e >> (b & 31),
        "word 19": c + d, "word 20": c - d, "long 8": e + f, "long 9": e - f,
        "byte 0": abs(a - b), "byte 1": a & 0x0F | b & 0xF0, "byte 2": a << 4 | a >> 4,
        "byte 3": int(not a), "byte 4": ~a, "byte 5": -a,
    }  # fmt: skip


def expected_orders(o: Operands) -> dict[str, int]:
    a, b, c, d, e, f = o
    return {
        "word 21": sign_of(signed(a, 8), signed(b, 8)),
        "word 22": sign_of(signed(c, 16), signed(d, 16)),
        "byte 6": c < d, "byte 7": a == b, "byte 8": e < f, "byte 9": signed(e, 32) < signed(f, 32),
        "byte 10": signed(a, 8) >= 0 > signed(b, 8), "byte 11": CHOSEN.get(a, a),
        "byte 12": CHOSEN.get(b & 7, b & 7), "byte 13": c.bit_count(),
    }  # fmt: skip


def expected_damage(o: Operands) -> dict[str, int]:
    a, b, c, d = o[:4]
    result = ((a & 127) * 2 // 5 + 2) * b
    result = result * (c & 0xFF) // ((d & 0xFF) or 1) // 50 + 2
    result += result >> 1
    return {"long 10": result * 20 // 10 * (217 + a % 39) // 255}


def expected_records(o: Operands) -> dict[str, int]:
    a, b, c, d = o[:4]
    seconds = [(c + i * d) & 0xFFFF for i in range(9)]
    total = 0
    for i, second in enumerate(seconds):
        total = ((total + ((a + i) & 0xFF)) ^ second) & 0xFFFF
        total = (total + (b ^ i)) & 0xFFFF
    return {"word 23": total, "word 24": seconds[b % 9] + 1}


WIDTH = {"word": 0xFFFF, "long": 0xFFFFFFFF, "byte": 0xFF}


def test_every_operation_agrees_with_python(machine: Any) -> None:
    wrong = []
    for operands in cases():
        results = compute(machine, operands)
        expected = (
            expected_products(operands)
            | expected_quotients(operands)
            | expected_shifts_and_sums(operands)
            | expected_orders(operands)
            | expected_damage(operands)
            | expected_records(operands)
        )
        wrong += [
            (name, operands, results[name], value & WIDTH[name[:4]])
            for name, value in expected.items()
            if results[name] != int(value) & WIDTH[name[:4]]
        ]

    assert not wrong
