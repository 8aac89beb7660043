"""`netc check --fix` writes what was meant, and nothing else."""

import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from netc.cli.checked import check_text
from netc.cli.fix import fixed
from tests.cli.conftest import DIGITS, Run

Write = Callable[..., Path]

MISSPELT = """# a comment, kept
net a {
    input image [1, 8, 8]
    Conv2d(8, kernal: 3)    # two on a line
    scores = dens(10)
    output softmx(scroes)
}
"""
RIGHT = """# a comment, kept
net a {
    input image [1, 8, 8]
    conv(8, kernel: 3)    # two on a line
    scores = dense(10)
    output softmax(scores)
}
"""
HALF = "net a {\n    input x [4]\n    y = dens(3)\n    output wavelet(y)\n}\n"
UNSURE = "net a {\n    input x [1, 8, 8]\n    Pooling(2)\n    output flatten\n}\n"


def test_misspelt_names_and_words_of_other_programs_are_mended(run: Run, spec: Write) -> None:
    path = spec(MISSPELT)
    result = run("check", path, "--fix")
    assert path.read_text() == RIGHT
    assert result.stderr == f"fixed 5 problems in {path}\n"
    assert result.stdout.startswith(f"{path}: ok")
    assert run("check", path, "--fix").stderr == ""


def test_slips_in_a_list_of_convnetjs_are_mended(run: Run, spec: Write) -> None:
    wrong = """layer_defs = [];
layer_defs.push({type:'imput', out_sx:8, out_sy:8, out_dept:1});  // pixels
layer_defs.push({type:"cnov", 'sx':3, filter:'8', activation:'sigmiod'});
layer_defs.push({type:'softmax', num_clases:10});
net = new convnetjs.Net(); net.makeLayers(layer_defs);
trainer = new convnetjs.Trainer(net, {methd:'sgd', learningRate:0.1, batchsize:20});
"""
    right = """layer_defs = [];
layer_defs.push({type:'input', out_sx:8, out_sy:8, out_depth:1});  // pixels
layer_defs.push({type:"conv", 'sx':3, filters:8, activation:'sigmoid'});
layer_defs.push({type:'softmax', num_classes:10});
net = new convnetjs.Net(); net.makeLayers(layer_defs);
trainer = new convnetjs.Trainer(net, {method:'sgd', learning_rate:0.1, batch_size:20});
"""
    path = spec(wrong, "a.js")
    result = run("check", path, "--fix")
    assert path.read_text() == right
    assert result.stdout.startswith(f"{path}: ok")


def test_values_of_the_wrong_kind_are_mended_where_the_way_is_plain(run: Run, spec: Write) -> None:
    text = """net a {
    input x [1, 8, 8]
    conv(8.0, kernel: "3", bias: no)
    max_pool(2, round: Up)
    reshape(72)
    output dense(3, init: "xavier")
}
train {
    data csv(points)
}
"""
    path = spec(text)
    run("check", path, "--fix", code=1)
    assert (
        path.read_text()
        == """net a {
    input x [1, 8, 8]
    conv(8, kernel: 3, bias: false)
    max_pool(2, round: up)
    reshape([72])
    output dense(3, init: xavier)
}
train {
    data csv("points")
}
"""
    )


def test_what_is_left_is_told_and_what_may_be_meant_otherwise_stays(run: Run, spec: Write) -> None:
    path = spec(HALF)
    result = run("check", path, "--fix", code=1)
    assert "y = dense(3)" in path.read_text()
    assert result.stderr.startswith(f"fixed 1 problem in {path}\n")
    assert "`wavelet`" in result.stderr
    unsure = spec(UNSURE, "b.net")
    assert "fixed" not in run("check", unsure, "--fix", code=1).stderr
    assert unsure.read_text() == UNSURE


def test_a_difference_is_shown_and_nothing_written(run: Run, spec: Write) -> None:
    path = spec(HALF)
    result = run("check", path, "--diff", code=1)
    assert path.read_text() == HALF
    assert "-    y = dens(3)\n+    y = dense(3)\n" in result.stdout
    assert "unknown-layer" in result.stderr
    run("check", path, "--diff", "--output-format", "json", code=2)


def test_an_ending_may_be_in_capitals(run: Run, spec: Write) -> None:
    body = [{"input": "x", "shape": [4]}, {"output": {"type": "dens", "units": 3}}]
    path = spec(json.dumps({"net": {"name": "a", "body": body}}), "A.JSON")
    run("check", path, "--fix")
    assert '"dense"' in path.read_text()


def test_standard_input_is_left_alone(run: Run) -> None:
    result = run("check", "-", "--fix", input=HALF, code=1)
    assert "standard input stays as it is" in result.stderr
    assert "`dens`" in result.stderr


def test_json_and_sarif_tell_of_what_is_left_and_of_fixes(run: Run, spec: Write) -> None:
    path = spec(HALF)
    before = json.loads(run("check", path, "--output-format", "json", code=1).stdout)
    fix = before["diagnostics"][0]["fixes"][0]
    assert (fix["text"], fix["safe"], fix["line"], fix["col"]) == ("dense", True, 3, 9)
    after = json.loads(run("check", path, "--fix", "--output-format", "json", code=1).stdout)
    assert [d["code"] for d in after["diagnostics"]] == ["unknown-layer"]
    run("check", path, "--fix", "--output-format", "sarif", code=1)


def test_the_file_keeps_its_line_ends_its_mark_its_rights_and_its_link(
    run: Run, tmp_path: Path
) -> None:
    path, link = tmp_path / "a.net", tmp_path / "link.net"
    path.write_bytes(
        b"\xef\xbb\xbf" + HALF.replace("wavelet", "relu").replace("\n", "\r\n").encode()
    )
    path.chmod(0o640)
    link.symlink_to(path)
    run("check", link, "--fix")
    assert link.is_symlink()
    wanted = HALF.replace("wavelet", "relu").replace("dens", "dense").replace("\n", "\r\n")
    assert path.read_bytes() == b"\xef\xbb\xbf" + wanted.encode()
    assert os.stat(path).st_mode & 0o777 == 0o640


def test_a_fix_that_would_bring_more_errors_is_not_made(run: Run, spec: Write) -> None:
    uses = "".join(f"    output add(y, z{i})\n" for i in range(2))
    lines = "".join(f"    z{i} = x -> dense({i + 5})\n" for i in range(2))
    text = f"net a {{\n    input x [4]\n{lines}    y = x -> dens(3)\n{uses}}}\n"
    path = spec(text)
    result = run("check", path, "--fix", code=1)
    assert "left out: with them more would be wrong" in result.stderr
    assert "1 error in" in result.stderr
    assert path.read_text() == text


def test_a_setting_given_on_the_command_line_is_not_written(run: Run, spec: Write) -> None:
    text = RIGHT + "train {\n    batch 8\n}\n"
    path = spec(text)
    run("check", path, "--fix", "--set", "bacth=4", code=1)
    assert path.read_text() == text


def test_a_kernel_that_does_not_fit_is_padded_so_that_the_size_stays(run: Run, spec: Write) -> None:
    text = """net a {
    input image [1, 4, 4]
    conv(
        8,      # filters
        kernel: 5,
    )
    conv(8, kernel: [5, 1]) -> relu
    output max_pool(5, stride: 1)
}
"""
    path = spec(text)
    result = run("check", path, "--fix")
    assert "fixed 3 problems" in result.stderr
    for old, new in (
        ("kernel: 5", "kernel: 5, pad: 2"),
        ("1]", "1], pad: [2, 0]"),
        ("stride: 1", "stride: 1, pad: 2"),
    ):
        text = text.replace(old, new)
    assert path.read_text() == text


def test_padding_is_not_guessed_where_the_size_would_not_stay(run: Run, spec: Write) -> None:
    for layer in (
        "conv(8, kernel: 6)",
        "conv(8, kernel: 5, stride: 2)",
        "max_pool(5)",
        "conv(8, kernel: 9, pad: 1)",
    ):
        path = spec(f"net a {{\n    input x [1, 4, 4]\n    output {layer}\n}}\n")
        assert "fixed" not in run("check", path, "--fix", code=1).stderr


def test_habits_of_other_languages_are_mended(run: Run, spec: Write) -> None:
    text = """// a net
net a {
    input x [1, 8, 8]
    conv(8, kernel = 3, pad='same') => relu
    h: dense(3)
    output = h → softmax
}
train {
    batch = 8
    seed: 1
}
"""
    path = spec(text)
    run("check", path, "--fix", code=1)
    assert (
        path.read_text()
        == """# a net
net a {
    input x [1, 8, 8]
    conv(8, kernel: 3, pad: same) -> relu
    h = dense(3)
    output h -> softmax
}
train {
    batch 8
    seed 1
}
"""
    )


def test_only_named_files_are_written(run: Run, spec: Write) -> None:
    library = "block unit(width) {\n    dens(width) -> relu\n}\n"
    blocks = spec(library, "blocks.net")
    text = 'use "blocks.net"\n\nnet a {\n    input x [4]\n    unitt(8)\n    output unit(3)\n}\n'
    path = spec(text)
    result = run("check", path, "--fix", code=1)
    assert path.read_text() == text.replace("unitt", "unit")
    assert blocks.read_text() == library
    assert f"fixed 1 problem in {path}\n" in result.stderr
    assert f"there are fixes for {blocks}, which was not written to: name" in result.stderr
    run("check", blocks, "--fix")
    assert blocks.read_text() == library.replace("dens", "dense")
    run("check", path)


def test_a_block_that_is_right_elsewhere_is_not_padded(run: Run, spec: Write) -> None:
    text = """net a {
    input x [1, 8, 8]
    unit -> unit -> unit
    output flatten
}

block unit {
    conv(4, kernel: 5)
}
"""
    path = spec(text)
    assert "fixed" not in run("check", path, "--fix", code=1).stderr
    document = json.loads(run("check", path, "--output-format", "json", code=1).stdout)
    fix = document["diagnostics"][0]["fixes"][0]
    assert (fix["text"], fix["safe"]) == (", pad: 2", False)


def test_the_json_form_is_mended_too(run: Run, spec: Write) -> None:
    text = """{
  "net": {
    "name": "a",
    "body": [
      {"input": "x", "shape": [1, 4, 4]},
      {"type": "Conv2d", "filters": 8, "kernel": 5, "bias": "no"},
      {"output": ["flatten", {"type": "dens", "units": 3}]}
    ]
  }
}
"""
    path = spec(text, "a.json")
    run("check", path, "--fix", code=1)
    assert path.read_text() == text.replace("Conv2d", "conv").replace("dens", "dense")


@pytest.mark.parametrize("seed", range(40))
def test_slips_in_a_right_file_are_mended_or_left_and_nothing_gets_worse(seed: int) -> None:
    rng = random.Random(seed)
    right = Path(DIGITS).read_text(encoding="utf-8")
    words = list(re.finditer(r"(?<!\w)[a-z_]{3,}", right))
    word = rng.choice(words)
    at = rng.randrange(word.start(), word.end())
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz_ =:,")
    wrong = right[:at] + letter + right[at + rng.randrange(2) :]
    before = check_text(wrong)
    result = fixed(before)
    if result is not None:
        assert result.checked.errors <= before.errors or before.spec is None
        assert fixed(result.checked) is None, "all was not done at once"
        assert check_text(result.text).errors == result.checked.errors


def test_check_says_how_many_problems_can_be_mended(run: Run, spec: Write) -> None:
    """And nothing of it where there are none, or where it is being done."""
    path = spec("net a {\n    input x [4]\n    y = dence(3)\n    output softmax(z)\n}\n")
    assert "\n2 errors in" in run("check", path, code=1).stderr
    assert run("check", path, code=1).stderr.endswith("`--fix` mends 1 of these\n")
    for words in (["--diff"], ["--fix"], []):
        assert "mends" not in run("check", path, *words, code=1).stderr
    assert "mends" not in run("check", "-", input="net a {\n    ouput x\n}\n", code=1).stderr
