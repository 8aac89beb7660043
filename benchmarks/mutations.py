"""Whatever becomes of a file, `netc check` ends soon, stays small, and never breaks.

    nice python -m benchmarks.mutations [--minutes 10] [--seed 1] [--keep FOLDER]

Every spec, and every net of the tests, is mutated by its tokens again and again; each mutant is
proved and its problems are drawn, all in one process with a limit on its memory and on the time
of each. The slowest and the largest are shown; what breaks is a mistake in netc, and the end is 1.
"""

import argparse
import random
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from netc.cli.checked import check_text
from netc.diag import render, render_json

ROOT = Path(__file__).parents[1]
TOKENS = re.compile(r'\s+|#[^\n]*|"[^"\n]*"|->|\.\.|\*\*|[A-Za-z_]\w*|\d[\d_.e]*|.', re.S)
NUMBER, NAME = re.compile(r"\d"), re.compile(r"[A-Za-z_]\w*")
HUGE = [
    "0",
    "-1",
    "1.5",
    "1000",
    "65536",
    "1000000",
    "2147483648",
    "1e9",
    "1e18",
    "1e300",
    "9" * 99,
]
HUGE += ["2 ** 62", "2 ** 9 ** 9", "10 ** 400", "1 / 3", '"text"', "[1, 2]", "range(1000000)"]
WRAPPED = [
    ("repeat 1000 {{ {0} }}"),
    ("repeat 1000000000 {{ {0} }}"),
    ("for i in 0..300 {{ for j in 0..300 {{ {0} }} }}"),
    ("for i in range(2 ** 40) {{ {0} }}"),
    ("add {{ {0}; {0}; {0} }}"),
    ("concat {{ {0}; identity }}"),
    ("concat {{ " * 25 + "{0}" + "; identity }}" * 25),
    ("when train {{ {0} }}"),
    ("if true {{ {0} }} else {{ {0} }}"),
]
SLOW_SECONDS, LARGE_BYTES = 2.0, 500 * 2**20


class OutOfTimeError(BaseException):
    """A mutant ran for too long; no `except Exception` may swallow it."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: seconds of processor time, bytes it added at most, and its end."""

    seconds: float
    added: int
    end: str
    name: str
    text: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where to write what is slow, large or broken")
    given = parser.parse_args()
    seeds = {p: p.read_text(encoding="utf-8", errors="replace") for p in nets()}
    specs = [p for p in seeds if "problems" not in p.parts]
    check_text(next(iter(seeds.values())))  # what is loaded once is nobody's memory
    _limit_memory()
    signal.signal(signal.SIGVTALRM, _out_of_time)
    rng, outcomes, ends = random.Random(given.seed), list[Outcome](), Counter[str]()
    until = time.monotonic() + 60 * given.minutes
    while time.monotonic() < until:
        path = rng.choice(specs if rng.random() < 0.5 else list(seeds))
        outcome = prove(path.name, mutated(seeds[path], rng), path.suffix)
        ends[outcome.end.splitlines()[0]] += 1
        outcomes.append(outcome)
        if len(outcomes) > 2000:
            outcomes = _worst(outcomes)
    return report(_worst(outcomes), ends, given.keep)


def nets() -> list[Path]:
    """The specs, and what the tests know as right or wrong nets, in both languages."""
    folders = [ROOT / "specs", ROOT / "tests" / "golden", ROOT / "examples"]
    return [
        p
        for f in folders
        for s in ("net", "json")
        for p in sorted(f.rglob(f"*.{s}"))
        if p.is_file()
    ]


# ---- mutation


def mutated(text: str, rng: random.Random) -> str:
    """The text with one to four of its tokens changed, and now and then a piece of it nested."""
    for _ in range(rng.choice([1, 1, 1, 2, 3, 4])):
        tokens = TOKENS.findall(text) or [" "]
        text = "".join(rng.choice(MUTATIONS)(tokens, rng))
    return text


def _swap(tokens: list[str], rng: random.Random) -> list[str]:
    a, b = rng.randrange(len(tokens)), rng.randrange(len(tokens))
    tokens[a], tokens[b] = tokens[b], tokens[a]
    return tokens


def _delete(tokens: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(tokens))
    del tokens[at : at + rng.choice([1, 1, 1, 5])]
    return tokens


def _duplicate(tokens: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(tokens))
    return [
        *tokens[:at],
        *tokens[at : at + rng.randint(1, 30)] * rng.choice([2, 2, 200]),
        *tokens[at:],
    ]


def _huge(tokens: list[str], rng: random.Random) -> list[str]:
    return _replace(tokens, rng, NUMBER, lambda: rng.choice(HUGE))


def _rename(tokens: list[str], rng: random.Random) -> list[str]:
    names = [t for t in tokens if NAME.match(t)] or ["x"]
    return _replace(tokens, rng, NAME, lambda: rng.choice(names))


def _nest_line(tokens: list[str], rng: random.Random) -> list[str]:
    """A line within loops, joins and branches; of a line with a body, what is left of it."""
    lines = "".join(tokens).split("\n")
    at = rng.randrange(len(lines))
    for _ in range(rng.choice([1, 1, 2, 4])):
        lines[at] = rng.choice(WRAPPED).format(lines[at].split("#")[0])
    return ["\n".join(lines)]


def _nest_brackets(tokens: list[str], rng: random.Random) -> list[str]:
    at, depth = rng.randrange(len(tokens)), rng.choice([2, 50, 3000])
    before, after = rng.choice([("(", ")"), ("[", "]"), ("{ ", " }"), ("-", ""), ("not ", "")])
    tokens[at] = before * depth + tokens[at] + after * depth
    return tokens


def _replace(
    tokens: list[str], rng: random.Random, kind: re.Pattern[str], other: Callable[[], str]
) -> list[str]:
    places = [i for i, token in enumerate(tokens) if kind.match(token)]
    if places:
        tokens[rng.choice(places)] = other()
    return tokens


MUTATIONS = [_swap, _delete, _duplicate, _huge, _huge, _rename, _rename, _nest_line, _nest_brackets]


# ---- proof


def prove(name: str, text: str, suffix: str) -> Outcome:
    """Check a mutant as the command does, and take its time and its memory."""
    before, started = _peak(reset=True), time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, 10 * SLOW_SECONDS)
    try:
        checked = check_text(text, f"mutant{suffix}")
        shown = [problem.diagnostic() for problem in checked.problems[:20]]
        render_json(shown)
        drawn = [render(d) for d in shown]
        end = "right" if not checked.errors else "diagnostics"
        if not (drawn if checked.errors else checked.graph or checked.library):
            end = "broken: neither right nor wrong"
    except OutOfTimeError:
        end = f"slow: stopped after {10 * SLOW_SECONDS:g} s"
    except BaseException:
        end = "broken: " + traceback.format_exc().splitlines()[-1] + "\n" + traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return Outcome(time.process_time() - started, _peak() - before, end, name, text)


def _out_of_time(_signal: int, _frame: FrameType | None) -> None:
    raise OutOfTimeError


def _limit_memory() -> None:
    """Twice what is allowed, so that what is larger is seen and the machine lives on."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + 2 * LARGE_BYTES, resource.RLIM_INFINITY))


def _peak(*, reset: bool = False) -> int:
    """The most memory this process has held since the last reset, in bytes (Linux)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) * 1024


# ---- report


def _worst(outcomes: list[Outcome]) -> list[Outcome]:
    """The slowest, the largest, and all that broke."""
    slow = sorted(outcomes, key=lambda o: -o.seconds)[:20]
    large = sorted(outcomes, key=lambda o: -o.added)[:20]
    broken = [o for o in outcomes if o.end not in ("right", "diagnostics")][:50]
    return list({id(o): o for o in (*broken, *slow, *large)}.values())


def report(outcomes: list[Outcome], ends: Counter[str], keep: Path | None) -> int:
    """Print the ends and the extremes; 1 where a limit is passed or something broke."""
    print(f"{sum(ends.values()):,} mutants of {len(nets())} files")
    for end, times in ends.most_common():
        print(f"{times:8,}  {end}")
    slow = sorted(outcomes, key=lambda o: -o.seconds)[:5]
    large = sorted(outcomes, key=lambda o: -o.added)[:5]
    for title, some in (("slowest", slow), ("largest", large)):
        print(title)
        for o in some:
            print(
                f"{o.seconds:8.2f} s {o.added / 2**20:8.0f} MB  {o.end.splitlines()[0]}: {o.name}"
            )
    bad = [
        o
        for o in outcomes
        if o.seconds > SLOW_SECONDS
        or o.added > LARGE_BYTES
        or o.end not in ("right", "diagnostics")
    ]
    for number, o in enumerate(bad):
        print(f"\n{o.seconds:.2f} s, {o.added / 2**20:.0f} MB, {o.name}: {o.end}")
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{number}-{o.name}").write_text(o.text, encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
