"""Re-simulates one staged run in a process of its own, under limits, and prints what it found.

`python -m pokebench.leaderboard.judge FOLDER CPU_SECONDS MEMORY_BYTES LEVEL [ROM]` writes one JSON
object to stdout: `{"judged": …}`, or `{"fault": …, "needs_rom": …}`. Frames done so far go to
stderr. At the level `logged` the record is read and nothing is played.
"""

import json
import resource
import sys
from pathlib import Path

_SPARE_SECONDS = 5
_MOST_FILE_BYTES = 1 << 20
"""It writes nothing; libraries try out a folder for temporary files."""


def main(arguments: list[str]) -> None:
    """Set limits before anything else is loaded, then judge."""
    folder, cpu_seconds, memory_bytes, level, *rom = arguments
    _limit(int(cpu_seconds), int(memory_bytes))
    sys.stdout.write(_judge(Path(folder), level, Path(rom[0]) if rom else None))


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    limits = {
        resource.RLIMIT_CPU: (cpu_seconds, cpu_seconds + _SPARE_SECONDS),
        resource.RLIMIT_AS: (memory_bytes, memory_bytes),
        resource.RLIMIT_FSIZE: (_MOST_FILE_BYTES, _MOST_FILE_BYTES),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (64, 64),
    }
    for name, limit in limits.items():
        hard = resource.getrlimit(name)[1]
        if hard == resource.RLIM_INFINITY or limit[1] <= hard:
            resource.setrlimit(name, limit)


def _judge(folder: Path, level: str, rom: Path | None) -> str:
    from pokebench.errors import PokebenchError, RomError
    from pokebench.leaderboard.judgement import judged
    from pokebench.leaderboard.levels import Level
    from pokebench.leaderboard.logged import read_log
    from pokebench.verify import verify

    try:
        is_logged = level == Level.LOGGED
        found = judged(read_log(folder) if is_logged else verify(folder, rom, on_progress=_tell))
    except PokebenchError as error:
        needs_rom = isinstance(error, RomError) and rom is None
        message = str(error).replace(f"{folder}/", "")
        return json.dumps({"fault": message[:2000], "needs_rom": needs_rom})
    except MemoryError:
        return json.dumps({"fault": "the record does not fit into the memory that is allowed"})
    return '{"judged": ' + found.model_dump_json() + "}"


def _tell(frames: int) -> None:
    sys.stderr.write(f"{frames}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
