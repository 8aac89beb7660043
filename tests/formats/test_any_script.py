"""Whatever a `.js` file holds, it is read or told about, soon, and never otherwise than a browser
would read it."""

import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netc.cli.checked import check, check_text
from netc.diag import Source, render
from netc.formats.convnetjs import Listing
from tests.formats.damage import damaged
from tests.formats.scripts import reading
from tests.formats.test_any_bytes import is_told
from tests.formats.test_script import data, slugs

NODE = shutil.which("node")
EXAMPLES = Path(__file__).parents[2] / "examples" / "convnetjs"
COMPUTING = """var n = 20, sizes = [1, 2, 3];
var opt = {type: 'fc', num_neurons: n};
layer_defs = [{type: 'input', out_depth: 2}, opt];
opt.activation = 'relu'; opt['bias_pref'] = n/sizes.length;
layer_defs.push({type: 'fc', num_neurons: sizes[1]*n - 3}, {type: 'softmax', 'num_classes': 9 % 5});
net = new convnetjs.Net(); net.makeLayers(layer_defs);
"""
TEXTS = [COMPUTING, *(path.read_text() for path in sorted(EXAMPLES.glob("*.js")))]
TOKENS = re.compile(r"""\s+|//[^\n]*|"[^"\n]*"|'[^'\n]*'|[A-Za-z_]\w*|\d[\d.e-]*|.""", re.S)
WORDS = [
    *"()[]{},:;=.'\"\n+-*/%`?",
    *("var", "let", "new", "for", "if", "function", "return", "in", "true", "null", "=>", "..."),
    *("layer_defs", "push", "opt", "x", "n", "20", "'relu'", "0x1f", "1e3", ".5", "010", "**"),
    *("//", "/*", "*/", "&&", "+=", "++", "{}", "[]", "layer defs", "‘fc’", "–", "__proto__"),
]


@settings(max_examples=150)
@given(st.binary(max_size=300))
@example(b"")
@example(b"layer_defs = [")
@example(b"<script>")
def test_any_bytes_are_read_or_told_of(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.js"
    path.write_bytes(content)
    is_told(check(str(path)))


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.booleans())
def test_any_words_are_read_or_told_of(words: list[str], is_begun: bool) -> None:
    text = " ".join(words)
    is_told(check_text(f"layer_defs = [{{type:'input'}}];\n{text}" if is_begun else text, "a.js"))


@settings(max_examples=250)
@given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 4))
def test_any_damage_to_a_script_is_told_of_or_read(text: str, seed: int, damages: int) -> None:
    is_told(check_text(damaged(TOKENS.findall(text), WORDS, seed, damages), "a.js"))


@settings(max_examples=100)
@given(st.sampled_from(TEXTS), st.integers(0, 10_000))
def test_a_script_cut_off_anywhere_is_read_or_told_of(text: str, at: int) -> None:
    is_told(check_text(text[: at % (len(text) + 1)], "a.js"))


# ---- texts that are meant to break it

BEGIN = "layer_defs = [];\n"
HOSTILE = {
    "many round brackets": "(" * 10**7,
    "many braces": BEGIN + "layer_defs.push(" + "{a:" * 30_000,
    "deep lists": BEGIN + "layer_defs.push(" + "[" * 40_000 + "]" * 40_000 + ")",
    "a long sum": BEGIN + "layer_defs.push(" + "1+" * 40_000 + "1)",
    "many signs": BEGIN + "layer_defs.push(" + "-!" * 40_000 + "1)",
    "many choices": BEGIN + "layer_defs.push(" + "a?" * 20_000 + "b" + ":c" * 20_000 + ")",
    "many dots": BEGIN + "layer_defs" + ".a" * 40_000 + "=1",
    "many indices": BEGIN + "layer_defs" + "[0]" * 30_000 + "=1",
    "many calls": BEGIN + "f(" * 40_000,
    "a text without an end": BEGIN + "layer_defs.push({type:'" + "a" * 10**7,
    "a comment without an end": BEGIN + "/*" + "*" * 10**7,
    "comments in comments": "/*" * (5 * 10**6),
    "quotes": "'" * 10**7,
    "backticks": "`a'" * 10**6,
    "backslashes": "'" + "\\" * 10**6,
    "expressions without an end": "/[a" * 10**6,
    "many digits": BEGIN + "layer_defs.push({a:" + "9" * 10**6 + "})",
    "many hexadecimal digits": BEGIN + "layer_defs.push({a:0x" + "f" * 10**6 + "})",
    "large powers": BEGIN + "layer_defs.push({a:99**99**99, b:1e999, c:-1e999, d:0/0})",
    "a script of 10 MB": (BEGIN + "layer_defs.push({type:'fc', num_neurons:20});\n" * 250_000),
    "open lines": BEGIN + "layer_defs.push({type:'fc'\n" * 8_000,
    "open brackets": "x = (\nvar a = (\n" * 8_000,
    "a text that doubles": "x = 'a';\n" + "x = x + x;\n" * 100 + "layer_defs = [x]",
    "lists of lists": "a = [1];" + "a = [a, a, a];" * 60 + "layer_defs = a",
    "a list in itself": BEGIN + "layer_defs.push(layer_defs);",
    "an object in itself": BEGIN + "o = {}; o.o = o; layer_defs.push(o);",
    "a list that doubles": "a = [1, 2];\n" + "a = [...a, ...a];\n" * 60 + "layer_defs = a",
    "a list pushed on itself": "a = [1, 2];\n" + "a.push(...a);\n" * 60 + "layer_defs = a",
    "an object that doubles": "a = {a:1};" + "a = {...a, ...a};" * 60 + "layer_defs = [a]",
    "functions in a row": "".join(
        f"function f{i}() {{ f{i + 1}(); layer_defs.push(1) }}\n" for i in range(4_000)
    )
    + BEGIN
    + "f0();" * 2_000,
    "unknown names": "layer_defs = [" + ",".join(f"b{i}" for i in range(20_000)) + "]",
    "unknown lists": "".join(f"layer_defz{i}.push({{type:1}});\n" for i in range(7_000)),
    "missing commas": BEGIN + "layer_defs.push({" + " a:1" * 20_000 + "})",
    "pages in pages": "<script>" * 10**6,
    "zeros": "\0" * 10**7,
    "dashes": "–" * 10**6,
    "invisible letters": "layer\u200b_defs = [];" * 10_000,
    "ligatures": "ﬁ" * 10**6,
    "lost underscores": "layer defs " * 10**5,
    "names of every object": "__proto__ = 1; constructor.prototype.x = 2; layer_defs = [{__proto__:"
    " constructor, toString: valueOf, hasOwnProperty: 1, get a() { return 1 }, ['b']: 2}]",
    "layers of no list": "layer_defs = [];\n[].push({type:'fc'}); [](1).push(2); ({}).a()",
    "code in a text": "layer_defs = eval('[' + \"{type:'input'}\" + ']')",
    "code that makes code": "new Function('layer_defs = []')(); layer_defs = this.layer_defs",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_scripts_are_refused(name: str) -> None:
    made = reading(Source("a.js", HOSTILE[name]))
    assert isinstance(made, list)
    assert 0 < len(made) <= 20
    for problem in made:
        assert len(render(problem.diagnostic())) < 20_000


# ---- what a browser makes of it

RUN = """
const vm = require('vm'), fs = require('fs');
const told = (key, value) => typeof value === 'number' && !isFinite(value) ? 'none' : value;
const made = JSON.parse(fs.readFileSync(0, 'utf8')).map(script => {
  let layers;
  class Net { makeLayers(given) { layers = layers || JSON.stringify(given, told); } forward() {} }
  class Trainer { constructor(net, options) { Object.assign(this, options); } train() {} }
  const context = {
    convnetjs: {Net, Trainer, SGDTrainer: Trainer, Vol: class {}, img_to_vol() {}},
    console: {log() {}}, document: {getElementById() {}},
  };
  try { vm.runInNewContext(script, context, {timeout: 1000}); } catch (error) { return null; }
  try { return layers || JSON.stringify(context.layer_defs, told) || null; } catch (error) {}
  return null;
});
process.stdout.write(JSON.stringify(made));
"""


def in_node(scripts: list[str]) -> list[Any]:
    """The layers that each script makes when it is run; None where it fails or makes none."""
    if NODE is None:
        pytest.skip("node is not installed")
    ran = subprocess.run(
        [NODE, "-e", RUN], input=json.dumps(scripts), capture_output=True, text=True, check=True
    )
    return [made and json.loads(made) for made in json.loads(ran.stdout)]


def without_prototype(value: Any) -> Any:
    """The data without `__proto__`, which in a literal is no member of the object."""
    if isinstance(value, list):
        return [without_prototype(each) for each in value]
    if isinstance(value, dict):
        return {k: without_prototype(v) for k, v in value.items() if k != "__proto__"}
    return value


def test_a_damaged_script_is_never_read_as_another_net() -> None:
    rng = random.Random(0)
    texts = [text for text in TEXTS if "deepqlearn" not in text]  # agents make nets of their own
    scripts = [
        damaged(TOKENS.findall(rng.choice(texts)), WORDS, rng.randrange(2**32), rng.randint(1, 3))
        for _ in range(600)
    ]
    read = 0
    for script, ran in zip(scripts, in_node(scripts), strict=True):
        made = reading(Source("a.js", script))
        if ran is not None and isinstance(made, Listing):
            read += 1
            assert without_prototype(data(made.layers)) == ran, script
    assert read > 30


def random_value(rng: random.Random, depth: int) -> str:
    """An expression of numbers, texts, lists, objects and the variables a, b and c."""
    if depth == 0:
        return rng.choice(LITERALS) if rng.random() < 0.5 else rng.choice("abc")
    inner = random_value(rng, depth - 1)
    other = random_value(rng, rng.randrange(depth))
    return rng.choice(
        [
            f"({inner} {rng.choice(['+', '-', '*', '/', '%', '**'])} {other})",
            f"({inner} {rng.choice('+-*/')} {other})",
            f"[{inner}, {other}, ...[1]]",
            f"{{k: {inner}, 'l m': {other}, 2: a,}}",
            f"Math.{rng.choice(['floor', 'ceil', 'round', 'sqrt'])}({inner})",
            f"Math.max({inner}, {other})",
            f"{rng.choice('abc')}.{rng.choice(['k', 'length'])}",
            f"{rng.choice('abc')}[{rng.choice('01a')}]",
            f"-{inner}",
        ]
    )


LITERALS = ["0", "1", "2.5", "7", "0x1f", ".5", "1e2", "'s'", '"t"', "`u`", "true", "null", "[]"]


def random_statement(rng: random.Random) -> str:
    name, value = rng.choice("abc"), random_value(rng, rng.randrange(3))
    return rng.choice(
        [
            f"{rng.choice(['', 'var '])}{name} = {value};",
            f"{name} {rng.choice(['+=', '-=', '*='])} {value}",
            f"{name}.k = {value}",
            f"{name}[0] = {value}",
            f"{name}.push({value})",
            f"layer_defs.push({value})",
            f"layer_defs.push({{{name}: {value}}}, {{{name}}});",
            f"if ({name}) {{ {rng.choice('abc')} = 3; }}",
        ]
    )


def test_values_are_what_they_are_in_node() -> None:
    rng = random.Random(0)
    begin = "var layer_defs = [], a = 1, b = [2], c = {k: 3};"
    scripts = [
        "\n".join([begin, *(random_statement(rng) for _ in range(rng.randint(1, 5)))])
        for _ in range(2_000)
    ]
    read = 0
    for script, ran in zip(scripts, in_node(scripts), strict=True):
        made = reading(Source("a.js", script))
        if isinstance(made, Listing) and ran is not None:
            read += 1
            assert data(made.layers) == ran, script
    assert read > 200


def test_what_stops_a_script_stops_netc() -> None:
    text = "layer_defs = [{type:'input'}];\nlayer_defs.psuh({type:'softmax'});"
    assert in_node([text]) == [None]
    assert slugs(text) == ["bad-script"]
