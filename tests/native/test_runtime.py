"""Tables of native calls on several threads."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import numpy as np
import pytest

pytest.importorskip("llvmlite")

from netc.native.compile import addresses, machine_code
from netc.native.driver import driver_text
from netc.native.function import Function
from netc.native.kernel import Argument, Kernel, shared
from netc.native.runtime import Call, Crew, Table, crew, table
from netc.native.system import stamp_unit
from netc.native.target import Target


@dataclass(frozen=True)
class Mean(Kernel):
    """The mean of two numbers."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return shared("a", "b", "mean")

    def emit(self, f: Function, target: Target) -> None:
        total = f.op(f"fadd double {f.load('%a')}, {f.load('%b')}")
        f.store(f.op(f"fmul double {total}, {f.scalar(0.5)}"), "%mean")


class Ring:
    """Numbers in a ring: in each round each becomes the mean of itself and the next. Thread t has
    those from t on in steps of the number of threads, and must wait for all others each round."""

    def __init__(self, crew: Crew, count: int, rounds: int) -> None:
        self.crew = crew
        self.numbers = np.random.default_rng(count).random((rounds + 1, count))
        mean = addresses([Mean("f64")])[Mean("f64")]
        at = self.numbers.ctypes.data

        def calls(thread: int) -> Iterator[Call]:
            for r in range(rounds):
                row, following = (at + i * count * 8 for i in (r, r + 1))
                for i in range(thread, count, crew.threads):
                    places = row + 8 * i, row + (i + 1) % count * 8, following + 8 * i
                    yield Call(mean, places)
                yield crew.barrier

        self.tables = [table(calls(t)) for t in range(crew.threads)]

    def run_and_check(self) -> None:
        expected = self.numbers[0]
        self.numbers[1:] = np.nan
        self.crew.run(self.tables)
        for row in self.numbers[1:]:
            expected = 0.5 * (expected + np.roll(expected, -1))
            assert np.array_equal(row, expected)


@pytest.mark.parametrize("threads", [1, 2, 3, 5])
def test_all_threads_meet_at_each_barrier(threads: int) -> None:
    ring = Ring(Crew(threads), 7, 300)
    for _ in range(5):
        ring.run_and_check()


def test_a_crew_goes_on_after_a_pause_in_which_its_threads_were_parked() -> None:
    ring = Ring(Crew(3), 5, 50)
    for pause in (0.0, 0.002, 0.05):
        time.sleep(pause)
        ring.run_and_check()


def test_threads_are_back_when_a_crew_is_used_again_after_closing() -> None:
    made = Crew(2)
    for _ in range(3):
        Ring(made, 3, 20).run_and_check()
        made.close()


def test_python_threads_take_turns() -> None:
    made = Crew(2)
    rings = [Ring(made, 3 + i, 100) for i in range(4)]
    failed: list[BaseException] = []

    def use(ring: Ring) -> None:
        try:
            for _ in range(20):
                ring.run_and_check()
        except BaseException as error:
            failed.append(error)

    users = [Thread(target=use, args=(ring,)) for ring in rings]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert not failed


def test_threads_end_with_their_crew() -> None:
    made = Crew(3)
    Ring(made, 4, 10).run_and_check()
    threads = made._crowd._threads if made._crowd else []
    assert len(threads) == 2
    del made
    gc.collect()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()


def test_a_crew_works_where_threads_cannot_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(who: int, where: set[int]) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refuse, raising=False)
    monkeypatch.setattr("netc.native.system.processor", lambda: 0)
    ring = Ring(Crew(2), 3, 20)
    for _ in range(10):
        ring.run_and_check()
        time.sleep(0.003)


def test_two_crews_do_not_know_each_other() -> None:
    first, second = Ring(Crew(2), 4, 30), Ring(Crew(2), 5, 30)
    for _ in range(20):
        first.run_and_check()
        second.run_and_check()


def test_one_crew_of_a_size_serves_all() -> None:
    assert crew(2) is crew(2)
    Ring(crew(2), 3, 10).run_and_check()


def test_there_is_a_table_for_each_thread() -> None:
    nothing: Table = table([])
    with pytest.raises(ValueError, match="1 tables for 2 threads"):
        Crew(2).run([nothing])
    with pytest.raises(ValueError, match="at least one"):
        Crew(0)


def test_a_table_holds_calls_and_their_sizes() -> None:
    assert table([Call(7, (1, 2)), Call(9, ())]).tolist() == [7, 4, 1, 2, 9, 2, 0]


def test_stamps_tell_the_time() -> None:
    made = Crew(1)
    times = np.zeros((3, 2), np.int64)
    calls = [made.stamp(times[i].ctypes.data) for i in range(3)]
    made.run([table(calls)])
    seconds = times[:, 0] + times[:, 1] * stamp_unit()
    assert 0 < seconds[0] <= seconds[1] <= seconds[2] < seconds[0] + 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_child_of_a_fork_has_threads_of_its_own() -> None:
    ring = Ring(Crew(2), 3, 50)
    ring.run_and_check()
    child = os.fork()
    if child == 0:
        try:
            ring.run_and_check()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    ring.run_and_check()


_PROGRAM = """
import signal
from netc.native.runtime import Crew, table
# A shell that starts the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
made = Crew(2)
tables = [table([made.barrier] * 1000)] * 2
try:
    print("ready", flush=True)
    while True:
        made.run(tables)
except KeyboardInterrupt:
    made.run(tables)
    print("stopped")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process")
def test_ctrl_c_comes_between_runs_and_leaves_the_crew_whole() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=30)
    assert (out, errors, process.returncode) == ("stopped\n", "", 0)


def test_python_ends_while_a_thread_is_awake() -> None:
    program = "from netc.native.runtime import *; m = Crew(3); m.run([table([])] * 3)"
    for _ in range(5):
        subprocess.run([sys.executable, "-c", program], check=True, timeout=30)


@pytest.mark.parametrize("machine", ["aarch64-unknown-linux-gnu", "arm64-apple-darwin", "riscv64"])
def test_the_driver_is_valid_for_other_processors(machine: str) -> None:
    import llvmlite.binding as llvm

    module = llvm.parse_assembly(driver_text(machine))
    module.verify()
    machine_code(driver_text(llvm.get_process_triple()))
