"""A text becomes a spec in which every word keeps its place, and every comment is kept."""

import pytest

from netc import spec
from netc.diag import Source, Span
from netc.formats import read_source

TEXT = """\
# first remark
net a {   # second
    input image [1, 8, 8]; input label class(10)
    conv(8, kernel: [3, 5], bias: false, init: gaussian(std: 0.1))  # third
        -> relu
        # fourth
        -> max_pool(2)
    (one, two) -> add
    scores = flatten -> dense(10)
    loss side = softmax_loss(scores, label, weight: -0.5e1)
    output scores
}
train { data csv("a b#c.csv"); batch 1_000 }
# last
"""


def read(text: str) -> spec.Spec:
    found = read_source(Source("a.net", text))
    assert isinstance(found, spec.Spec), found
    return found


def written(span: Span) -> str:
    return span.source.text[span.start : span.end]


def chain(body: str) -> spec.Chain:
    (statement,) = read(f"net a {{\n{body}\n}}").net.body
    assert isinstance(statement, spec.Chain)
    return statement


def value(text: str) -> spec.Value:
    (step,) = chain(f"f({text})").steps
    assert isinstance(step, spec.Call)
    return step.arguments[0].value


def test_every_part_knows_what_was_written() -> None:
    found = read(TEXT)
    net, train = found.net, found.train
    assert net.name.text == "a"
    assert written(net.span).startswith("net a {")
    assert written(net.span).endswith("output scores\n}")
    assert [written(s.span).split("\n")[0] for s in net.body] == [
        "input image [1, 8, 8]",
        "input label class(10)",
        "conv(8, kernel: [3, 5], bias: false, init: gaussian(std: 0.1))  # third",
        "(one, two) -> add",
        "scores = flatten -> dense(10)",
        "loss side = softmax_loss(scores, label, weight: -0.5e1)",
        "output scores",
    ]
    assert train is not None
    assert [written(s.span) for s in train.settings] == ['data csv("a b#c.csv")', "batch 1_000"]


def test_every_argument_knows_its_place() -> None:
    call = chain("conv(8, kernel: [3, 5], init: gaussian(std: 0.1))").steps[0]
    assert isinstance(call, spec.Call)
    assert [written(a.span) for a in call.arguments] == [
        "8",
        "kernel: [3, 5]",
        "init: gaussian(std: 0.1)",
    ]
    assert [a.name and written(a.name.span) for a in call.arguments] == [None, "kernel", "init"]
    assert [written(a.value.span) for a in call.arguments] == ["8", "[3, 5]", "gaussian(std: 0.1)"]


def test_comments_are_kept_with_their_places_and_not_taken_from_texts() -> None:
    comments = read(TEXT).comments
    assert [c.text for c in comments] == [
        "# first remark",
        "# second",
        "# third",
        "# fourth",
        "# last",
    ]
    assert all(written(c.span) == c.text for c in comments)


def test_a_line_that_begins_with_an_arrow_goes_on() -> None:
    found = chain("a\n -> b # remark\n\n # remark\n -> c")
    assert [s.text for s in found.steps if isinstance(s, spec.Name)] == ["a", "b", "c"]


def test_line_ends_mean_nothing_inside_brackets() -> None:
    found = chain("conv(\n 8, # remark\n\n kernel: [\n3,\n5],\n)")
    assert len(found.steps) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", ";", ";;", " ; \n ; "])
def test_statements_end_with_their_line_or_a_semicolon(end: str) -> None:
    assert len(read(f"net a {{ input x [1]{end}relu{end}}}").net.body) == 2


def test_names_may_be_words_of_the_language_inside_them() -> None:
    found = chain("output_2 = input_1 -> lossy -> truely")
    assert found.name is not None
    assert found.name.text == "output_2"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-3", -3),
        ("1_000", 1000),
        ("1.5", 1.5),
        ("-2e3", -2000.0),
        ("5E-4", 5e-4),
        ("1.0", 1.0),
        ("1e999", float("inf")),
    ],
)
def test_numbers(text: str, number: float) -> None:
    found = value(text)
    assert isinstance(found, spec.Number)
    assert found.value == number
    assert type(found.value) is type(number)


def test_a_whole_number_of_any_length_is_read() -> None:
    found = value("9" * 5000)
    assert isinstance(found, spec.Number)
    assert found.value == float("inf")


def test_other_values() -> None:
    assert isinstance(value("true"), spec.Boolean)
    assert isinstance(value("same"), spec.Name)
    text = value('"a b"')
    assert isinstance(text, spec.Text)
    assert text.value == "a b"
    nested = value("[1, [2, x], f(3)]")
    assert isinstance(nested, spec.List)
    assert [type(i) for i in nested.items] == [spec.Number, spec.List, spec.Call]


def test_a_file_without_a_train_section() -> None:
    assert read("net a { input x [1] }").train is None


def test_sections_may_stand_in_either_order() -> None:
    assert read("train { batch 1 }\nnet a { }").train is not None


def test_all_mistakes_of_a_file_are_found_at_once() -> None:
    text = "net a {\n    conv(8 kernel: 3)\n    relu\n    dropout(50%)\n    dense(10))\n}\n"
    found = read_source(Source("a.net", text))
    assert isinstance(found, list)
    assert [str(p.span) for p in found] == ["a.net:2:12", "a.net:4:16", "a.net:5:14"]
