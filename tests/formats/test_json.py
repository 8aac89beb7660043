"""The JSON form: the same tree as in `.net`, and a problem at its place for all else."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netc import spec
from netc.cli.checked import check, check_text
from netc.diag import Problem, Source
from netc.formats import is_same, parse, write
from netc.formats.json.forms import ARGUMENT, CHAIN, STATEMENTS, STEP, TEXT
from tests.formats.damage import damaged
from tests.formats.test_any_bytes import is_told
from tests.formats.trees import specs
from tests.formats.whole import TEXTS

JSONS = [str(write(parse(Source("a.net", text), ".net"), ".json")) for text in TEXTS]  # type: ignore[arg-type]
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|\s+|[\w.+-]+|.', re.S)
WORDS = ['"', "{", "}", "[", "]", ",", ":", "null", "NaN", "1e999", '"="', '"=a +"', '"type"', "-0"]
WORDS += ['"block"', '"chain"', '"name"', '"inputs"', '"arguments"', '"text"', '"\\ud800"', "0.1"]
KEYS = [
    key.name for form in (*STATEMENTS.values(), STEP, CHAIN, TEXT, ARGUMENT) for key in form.keys
]
KEYS += ["units", "default", "activation", "sx", "num_classes"]


def net_of(*body: object) -> str:
    return json.dumps({"net": {"name": "a", "body": body}})


def read(text: str) -> spec.Library:
    made = parse(Source("a.json", text), ".json")
    assert isinstance(made, spec.Library), [p.diagnostic().text for p in made]
    return made


def body(*statements: object) -> tuple[spec.Statement, ...]:
    made = read(net_of(*statements))
    assert isinstance(made, spec.Spec)
    return made.net.body


def problems(text: str) -> list[Problem]:
    made = parse(Source("a.json", text), ".json")
    assert isinstance(made, list)
    return made


def slugs(text: str) -> list[str]:
    return [p.slug for p in problems(text)]


# ---- there and back


@pytest.mark.parametrize("text", TEXTS)
def test_net_to_json_and_back_is_the_same_tree(text: str) -> None:
    tree = parse(Source("a.net", text), ".net")
    assert isinstance(tree, spec.Library)
    written = write(tree, ".json")
    assert isinstance(written, str)
    again = read(written)
    assert is_same(tree, again)
    assert write(again, ".json") == written
    back = write(again, ".net")
    assert isinstance(back, str)
    assert is_same(tree, parse(Source("b.net", back), ".net"))


@settings(max_examples=150)
@given(specs)
def test_any_tree_is_the_same_after_json(tree: spec.Spec) -> None:
    written = write(tree, ".json")
    assert isinstance(written, str)
    json.loads(written)
    assert is_same(tree, read(written))


@pytest.mark.parametrize("text", JSONS)
def test_what_is_written_is_json_within_the_width(text: str) -> None:
    json.loads(text)
    assert text.endswith("}\n")
    wide = [line for line in text.splitlines() if len(line) > 100 and '"=' not in line]
    assert not wide


@pytest.mark.parametrize("text", JSONS)
def test_every_word_has_the_place_where_it_stands(text: str) -> None:
    names = [part for part in spec.walk(read(text)) if isinstance(part, spec.Name)]
    found = [name for name in names if name.text not in ("class", "not in")]
    for name in found:
        assert text[name.span.start : name.span.end] == name.text
    assert len(found) > 10


# ---- what is written how


def test_numbers_keep_their_kind() -> None:
    layer = {"type": "f", "a": 5, "b": 5.0, "c": 10**100, "d": -0.5, "e": True}
    (chain,) = body(layer)
    assert isinstance(chain, spec.Chain)
    (call,) = chain.steps
    assert isinstance(call, spec.Call)
    values = [getattr(argument.value, "value", None) for argument in call.arguments]
    assert values == [5, 5.0, 10**100, -0.5, True]
    assert [type(value) for value in values] == [int, float, int, float, bool]


def test_numbers_beyond_all_bounds_are_infinite_as_in_net() -> None:
    made = read('{"let": {"a": 1e999, "b": -1e999, "c": ' + "9" * 500 + "}}")
    values = [getattr(let.value, "value", None) for let in made.lets]
    assert values == [float("inf"), float("-inf"), float("inf")]


def test_inputs_arguments_and_options_come_in_this_order_whatever_that_of_the_keys() -> None:
    one = body({"type": "f", "a": 1, "arguments": [2], "inputs": ["x"]})
    other = body({"inputs": ["x"], "arguments": [2], "type": "f", "a": 1})
    assert is_same(one, other)


def test_an_argument_that_no_key_can_hold_stands_in_the_list() -> None:
    text = "net a { f(1, name: 2, x, type: 3, a -> b, kernel: 4, kernel: 5) }"
    tree = parse(Source("a.net", text), ".net")
    assert isinstance(tree, spec.Library)
    written = write(tree, ".json")
    assert isinstance(written, str)
    assert '{"option": "name", "value": 2}' in written
    assert is_same(tree, read(written))


def test_constants_and_blocks_are_marked() -> None:
    text = "net a(k = 1) { unit(k, x) ; layer t = conv(k) ; t ; add { unit } }\nblock unit(a) { f }"
    tree = parse(Source("a.net", text), ".net")
    assert isinstance(tree, spec.Library)
    written = str(write(tree, ".json"))
    assert '{"block": "unit", "arguments": ["=k", "x"]}' in written
    assert '{"layer": "t", "type": "conv", "arguments": ["=k"]}' in written


def test_a_choice_may_be_called_in() -> None:
    text = "net a { dense(4, init: xavier(in)) ; dense(4, init: xavier(fan: in)) }"
    tree = parse(Source("a.net", text), ".net")
    assert isinstance(tree, spec.Library)
    written = str(write(tree, ".json"))
    assert '{"type": "xavier", "arguments": ["in"]}' in written
    assert is_same(tree, read(written))


def test_places_in_a_computed_value_count_its_escapes() -> None:
    text = '{"let": {"a": "=\\u0031 + \\"b\\" + width"}}'
    value = read(text).lets[0].value
    assert isinstance(value, spec.Binary)
    assert text[value.right.span.start : value.right.span.end] == "width"


# ---- what is wrong


def test_words_of_the_language_are_those_of_the_grammar() -> None:
    grammar = (Path(__file__).parents[2] / "grammar" / "net.lark").read_text(encoding="utf-8")
    found = re.search(r"^NAME: /\(\?!\(\?:([a-z|]+)\)", grammar, re.M)
    assert found is not None
    assert set(found[1].split("|")) == spec.RESERVED


def test_several_slips_are_told_of_at_once() -> None:
    text = '{"net": {"name": "a", "body": [{"input": "x", "shape": [4,]} "relu", tru],}}'
    assert slugs(text) == ["syntax-error"] * 4


def test_several_mistakes_of_form_are_told_of_at_once() -> None:
    text = net_of({"inptu": "x"}, {"repeat": 3}, {"type": "a b"}, {"let": "k", "value": "a b"})
    assert slugs(text) == ["unknown-key", "missing-key", "bad-json", "bad-json"]


def test_a_fix_of_a_text_without_its_sign_can_be_read() -> None:
    text = net_of({"type": "f", "a": "points.csv", "b": "2 * k", "c": "5"})
    for problem in reversed(problems(text)):
        (fix,) = problem.diagnostic().fixes
        text = text[: fix.span.start] + fix.text + text[fix.span.end :]
    (chain,) = body(*json.loads(text)["net"]["body"])
    assert isinstance(chain, spec.Chain)
    (call,) = chain.steps
    assert isinstance(call, spec.Call)
    kinds = [type(argument.value) for argument in call.arguments]
    assert kinds == [spec.Text, spec.Binary, spec.Number]


def test_a_misspelt_key_is_mended_without_a_doubt() -> None:
    text = net_of({"ouput": "relu"})
    (problem,) = problems(text)
    (fix,) = problem.fixes()
    assert fix.is_safe
    assert text[: fix.span.start] + fix.text + text[fix.span.end :] == net_of({"output": "relu"})


@pytest.mark.parametrize("bracket", ["[", '{"a":', '{"if": true, "then": ['])
def test_deep_texts_end_in_one_problem(bracket: str) -> None:
    assert slugs(bracket * 100_000)[-1] == "too-deep"


def test_nesting_ends_where_that_of_net_files_does() -> None:
    def nested(depth: int) -> str:
        flow = '{"type": "f", "inputs": [{"chain": ["x", ' * depth + '"f"' + "]}]}" * depth
        return f'{{"net": {{"name": "a", "body": [{flow}]}}}}'

    assert isinstance(parse(Source("a.json", nested(45)), ".json"), spec.Spec)
    assert slugs(nested(55)) == ["too-deep"]
    assert slugs(net_of({"assert": "=" + "not " * 5000 + "a"})) == ["too-deep"]
    assert slugs(net_of({"assert": "=" + "(" * 60 + "a" + ")" * 60})) == ["too-deep"]


@pytest.mark.parametrize(
    "text",
    [
        "[" + "1," * 600_000 + "1]",
        '["' + "a" * 5_000_000,
        '["' + "\\n" * 500_000 + '"]',
        "[" + "1" * 5_000_000 + "]",
        "[" + "1" * 5_000_000 + ".5e]",
        "[" + "'" * 1_000_000,
        "/*" * 1_000_000,
        " " * 5_000_000,
    ],
    ids=["values", "string", "escapes", "digits", "no number", "quotes", "comment", "blanks"],
)
def test_a_very_large_text_ends_in_problems(text: str) -> None:
    assert problems(text)


@settings(max_examples=150)
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf[")
@example(b"[\xed\xa0\x80]")
def test_any_bytes(tmp_path_factory, data: bytes) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("bytes", numbered=True) / "a.json"
    path.write_bytes(data)
    is_told(check(str(path)))


anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 9),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(["x", "relu", "conv", "=x", "=2 +", "a.b", "a b", "", "train", "=in.size"]),
        st.text(max_size=5),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@settings(max_examples=300)
@given(st.lists(anything, max_size=5), st.sampled_from(["net", "list", "file"]))
def test_any_json(parts: list[object], kind: str) -> None:
    whole: object = {"net": {"name": "a", "body": parts}}
    if kind == "list":
        whole = [{"type": "input", "shape": [4]}, *parts]
    elif kind == "file":
        whole = dict(zip(("net", "let", "blocks", "train", "use"), parts, strict=False))
    is_told(check_text(json.dumps(whole), "a.json"))


@settings(max_examples=200)
@given(st.sampled_from(JSONS), st.integers(0, 2**32), st.integers(1, 4))
def test_any_damage_to_a_spec(text: str, seed: int, damages: int) -> None:
    is_told(check_text(damaged(TOKENS.findall(text), WORDS, seed, damages), "a.json"))


@settings(max_examples=100)
@given(st.sampled_from(JSONS), st.integers(0, 10_000))
def test_a_spec_cut_off_anywhere(text: str, at: int) -> None:
    is_told(check_text(text[: at % (len(text) + 1)], "a.json"))
