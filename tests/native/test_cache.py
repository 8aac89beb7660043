"""Machine code kept on disk: what is taken from there, and what is not."""

import os
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

pytest.importorskip("llvmlite")

from netc.native import cache
from netc.native.cache import CodeCache

CODE = bytes(range(256)) * 40


def only_file(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def test_what_was_kept_is_there_in_the_next_run(tmp_path: Path) -> None:
    CodeCache(tmp_path, "m").remember("key", CODE)
    assert CodeCache(tmp_path, "m").recall("key") == CODE
    assert CodeCache(tmp_path, "m").recall("other") is None


def test_another_processor_or_version_has_code_of_its_own(tmp_path: Path) -> None:
    CodeCache(tmp_path, "m").remember("key", CODE)
    assert CodeCache(tmp_path, "n").recall("key") is None


@pytest.mark.parametrize(
    "damaged", [b"", b"short", CODE, bytes(32) + CODE], ids=["empty", "short", "foreign", "sum"]
)
def test_damaged_and_foreign_files_are_removed(tmp_path: Path, damaged: bytes) -> None:
    kept = CodeCache(tmp_path, "m")
    kept.remember("key", CODE)
    only_file(tmp_path).write_bytes(damaged)
    assert kept.recall("key") is None
    assert not list(tmp_path.iterdir())
    kept.remember("key", CODE)
    assert kept.recall("key") == CODE


@pytest.mark.parametrize("cut", [1, 31, 32, 33, 1000])
def test_a_truncated_file_is_no_code(tmp_path: Path, cut: int) -> None:
    kept = CodeCache(tmp_path, "m")
    kept.remember("key", CODE)
    only_file(tmp_path).write_bytes(only_file(tmp_path).read_bytes()[:-cut])
    assert kept.recall("key") is None


def test_code_under_the_name_of_other_code_is_not_taken(tmp_path: Path) -> None:
    kept = CodeCache(tmp_path, "m")
    kept.remember("one", CODE)
    one = only_file(tmp_path)
    kept.remember("two", CODE)
    (two,) = set(tmp_path.iterdir()) - {one}
    one.replace(two)
    assert kept.recall("two") is None


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


@posix
def test_the_folder_and_its_files_are_ours_alone(tmp_path: Path) -> None:
    kept = CodeCache(tmp_path / "deep" / "folder", "m")
    kept.remember("key", CODE)
    assert kept.folder.stat().st_mode & 0o777 == 0o700
    assert only_file(kept.folder).stat().st_mode & 0o077 == 0


@posix
def test_what_others_may_write_is_not_run(tmp_path: Path) -> None:
    kept = CodeCache(tmp_path, "m")
    kept.remember("key", CODE)
    only_file(tmp_path).chmod(0o666)
    assert kept.recall("key") is None
    only_file(tmp_path).chmod(0o600)
    assert kept.recall("key") == CODE
    tmp_path.chmod(0o777)
    assert kept.recall("key") is None
    assert kept.trouble() == "others may write there"
    kept.remember("more", CODE)
    assert len(list(tmp_path.iterdir())) == 1


@posix
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    kept = CodeCache(tmp_path / "cache", "m")
    kept.remember("key", CODE)
    file = only_file(kept.folder)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert kept.recall("key") is None


def test_a_folder_that_cannot_be_made_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = CodeCache(tmp_path / "file" / "cache", "m")
    kept.remember("key", CODE)
    assert kept.recall("key") is None
    assert kept.trouble() in ("not a directory", "it is no folder")
    assert CodeCache(tmp_path / "file", "m").trouble() == "it is no folder"
    assert kept.size() == 0


def test_a_file_in_the_place_of_code_may_be_a_folder(tmp_path: Path) -> None:
    kept = CodeCache(tmp_path, "m")
    kept.remember("key", CODE)
    place = only_file(tmp_path)
    place.unlink()
    place.mkdir()
    assert kept.recall("key") is None
    kept.remember("key", CODE)
    assert kept.recall("key") is None
    assert [p.name for p in tmp_path.iterdir()] == [place.name]


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    kept = CodeCache(tmp_path, "m", largest=10 * len(CODE))
    now = time.time()
    for number in range(8):
        kept.remember(str(number), CODE)
        os.utime(kept._place(str(number)), (now, now - 1e6 + number))
    assert kept.recall("0") == CODE  # It is used, and so is not the oldest any more.
    for number in range(8, 12):
        kept.remember(str(number), CODE)
    assert kept.size() <= kept.largest
    assert kept.recall("0") == CODE
    assert kept.recall("1") is None
    assert kept.recall("11") == CODE


def _write_and_read(folder: Path) -> bool:
    kept = CodeCache(folder, "m", largest=20 * len(CODE))
    for turn in range(150):
        key = str(turn % 30)
        kept.remember(key, key.encode() * 3000)
        if kept.recall(key) not in (None, key.encode() * 3000):
            return False
    return True


def test_processes_that_write_at_once_do_no_harm(tmp_path: Path) -> None:
    with get_context("spawn").Pool(3) as pool:
        assert all(pool.map(_write_and_read, [tmp_path] * 3))
    assert not list(tmp_path.glob("*.part"))


def test_the_folder_is_that_of_the_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    found = cache.code_cache.__wrapped__()
    assert found is not None
    assert found.folder == tmp_path


@pytest.mark.parametrize("word", ["off", "OFF", "0", "no"])
def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv(cache.VARIABLE, word)
    assert cache.code_cache.__wrapped__() is None


_PROGRAM = """
from netc.native import compile
compile.machine_code = lambda text: 1 / 0
from netc.native.driver import driver
from netc.native.runtime import Crew, table
made = Crew(2)
made.run([table([made.barrier])] * 2)
"""


def test_a_second_process_compiles_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, cache.VARIABLE: str(tmp_path)}

    def run() -> int:
        return subprocess.run(
            [sys.executable, "-c", _PROGRAM], env=environment, capture_output=True
        ).returncode

    assert run() != 0
    fill = "from netc.native.driver import driver; driver()"
    subprocess.run([sys.executable, "-c", fill], env=environment, check=True)
    assert run() == 0
