"""ConvNetJS itself, where node and the npm package are: nets made, loaded, saved and asked in it.

The package is found by NETC_CONVNETJS, the folder that `npm install convnetjs@0.3.0` put it into,
or in `node_modules` of the repository.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netc.types import Array

ROOT = Path(__file__).parents[2]
_PLACES = ("", "convnetjs", "node_modules/convnetjs")
_SCRIPT = """
const convnetjs = require(process.argv[1]);
const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
let net, layer_defs, trainer;
if (asked.text) { eval(asked.text); }
else { net = new convnetjs.Net(); net.fromJSON(asked.saved); }
const answers = (asked.inputs || []).map(function (given) {
  const volume = new convnetjs.Vol(given.sx, given.sy, given.depth, 0);
  given.w.forEach(function (number, at) { volume.w[at] = number; });
  return Array.from(net.forward(volume).w);
});
const options = {};
if (trainer) {
  ['method', 'learning_rate', 'momentum', 'ro', 'eps', 'batch_size', 'l1_decay', 'l2_decay']
    .forEach(function (name) { options[name] = trainer[name]; });
}
const text = JSON.stringify(net.toJSON());
console.log(JSON.stringify({answers: answers, saved: net.toJSON(), text: text, trainer: options}));
"""


@cache
def _package() -> Path | None:
    """The file of the package, which node loads."""
    named = os.environ.get("NETC_CONVNETJS")
    for folder in (Path(named) if named else ROOT / "node_modules", ROOT / "node_modules"):
        for place in _PLACES:
            file = folder / place / "build/convnet.js"
            if file.is_file():
                return file.resolve()
    return None


def ask(
    *, text: str = "", saved: Any = None, inputs: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """What ConvNetJS answers to volumes, by the net that a script makes or that was saved; and the
    net as it saves it. Skips the test where node or the package is not here."""
    found: dict[str, Any] = run_script(
        _SCRIPT, {"text": text, "saved": saved, "inputs": list(inputs)}
    )
    return found


def run_script(script: str, asked: Any) -> Any:
    """What a script says that node runs, with the path of the package as its argument. Skips the
    test where node or the package is not here."""
    node, package = shutil.which("node"), _package()
    if node is None:
        pytest.skip("node is not here")
    if package is None:
        pytest.skip("the npm package convnetjs@0.3.0 is not here; NETC_CONVNETJS names its folder")
    words = [node, "-e", script, str(package)]
    done = subprocess.run(
        words, input=json.dumps(asked), text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def volume_of(example: Array) -> dict[str, Any]:
    """An example of netc, [channels, height, width] or [numbers], as a volume of ConvNetJS."""
    image = example if example.ndim == 3 else example.reshape(-1, 1, 1)
    depth, sy, sx = image.shape
    numbers = image.transpose(1, 2, 0).reshape(-1).tolist()
    return {"sx": sx, "sy": sy, "depth": depth, "w": numbers}
