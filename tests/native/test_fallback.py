"""Where llvmlite cannot be imported networks learn by NumPy alone, and the doctor says why."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

BLOCKED = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "llvmlite":
            raise ImportError("No module named 'llvmlite'")

sys.meta_path.insert(0, Missing())
from netc.cli.main import netc
netc(sys.argv[1:])
"""
"""The command of netc on a machine without llvmlite."""

NET = """net plain {
    input image [1, 8, 8]
    input label class(10)
    conv(4, kernel: 3) -> relu -> max_pool(2)
    scores = flatten -> dense(10)
    loss softmax_loss(scores, label)
}
train { data digits(); batch 50; steps 4 }
"""


def without_llvmlite(*words: str) -> str:
    command = [sys.executable, "-c", BLOCKED, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_doctor_says_what_is_missing() -> None:
    assert (
        "No module named 'llvmlite'" in json.loads(without_llvmlite("doctor", "--json"))["kernels"]
    )


def test_a_network_learns_the_same(tmp_path: Path) -> None:
    pytest.importorskip("llvmlite")
    spec = tmp_path / "plain.net"
    spec.write_text(NET, encoding="utf-8")
    learned = []
    for name, blocked in (("numpy", BLOCKED), ("kernels", BLOCKED.replace('"llvmlite"', '"no"'))):
        words = ["train", str(spec), "--quiet", "--threads", "1", "--out", str(tmp_path / name)]
        subprocess.run([sys.executable, "-c", blocked, *words], timeout=120, check=True)
        learned.append(load_file(tmp_path / name / "last.safetensors"))
    assert learned[0].keys() == learned[1].keys()
    for name, array in learned[0].items():
        np.testing.assert_allclose(learned[1][name], array, rtol=1e-3, atol=1e-5, err_msg=name)
