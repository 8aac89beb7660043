import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.training.data import SOURCES, Dataset, Where, open_source, table

FLOWERS = """length,species, width
1.5,setosa,2
3,virginica,4

5,setosa,-6e-1
"""


@pytest.fixture
def load(tmp_path):
    def write_and_open(text, **options):
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "a.csv").write_bytes(content)
        options = {"holdout": 0.0, **options}
        return open_source(SOURCES["csv"](file="a.csv", **options), Where(tmp_path))

    return write_and_open


def fields(data):
    return {name: field.data.tolist() for name, field in data.train.fields.items()}


def test_columns_become_features_and_words_become_classes(load):
    data = load(FLOWERS, label="species")
    found = fields(data)
    np.testing.assert_allclose(found["features"], [[1.5, 2], [3, 4], [5, -0.6]])
    assert found["label"] == [0, 1, 0]
    assert data.class_names == ("setosa", "virginica")


def test_columns_may_be_named_by_number(load):
    data = load("1,7,0\n2,8,1\n", header=False, label=3, target=2)
    assert fields(data) == {"features": [[1], [2]], "label": [0, 1], "target": [[7], [8]]}


@pytest.mark.parametrize(
    ("labels", "numbers", "names"),
    [
        ("0 2 1 2", [0, 2, 1, 2], ()),
        ("3 1 10 1", [1, 0, 2, 0], ("1", "3", "10")),
        ("-1 1 1 -1", [0, 1, 1, 0], ("-1", "1")),
        ("b a b c", [1, 0, 1, 2], ("a", "b", "c")),
    ],
)
def test_labels_from_zero_are_class_numbers_and_others_are_sorted(load, labels, numbers, names):
    data = load("x,y\n" + "".join(f"1,{label}\n" for label in labels.split()), label="y")
    assert fields(data)["label"] == numbers
    assert data.class_names == names


@pytest.mark.parametrize(("separator", "sign"), [("semicolon", ";"), ("tab", "\t")])
def test_other_separators(load, separator, sign):
    data = load(f"a{sign}b\n1{sign}2\n", separator=separator)
    assert fields(data)["features"] == [[1, 2]]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(load):
    data = load(b"\xef\xbb\xbfa,b\r\n1,2\r\n", target="a")
    assert fields(data) == {"features": [[2]], "target": [[1]]}


def test_features_are_scaled(load):
    data = load("a,b\n1,2\n", mean=1.0, scale=10.0)
    out = np.empty((1, 2))
    data.train.fill(np.array([0]), {"features": out}, np.random.default_rng(0), training=True)
    assert out.tolist() == [[0, 10]]


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        ("", "there is nothing in it", ""),
        ("a,y\n", "no lines of numbers", ""),
        ("a,y\n1,x\n2\n", "expected 2 columns, found 1", "in line 3"),
        ("a,y\n1,x\n\nsix,x\n", "`six` is no number", "in line 4, column `a`"),
        ("a,y\n,x\n", "a number is missing", "in line 2, column `a`"),
        ("a,y\n1,x\nnan,x\n", "not finite", "in line 3, column `a`"),
        ("a,y\n1e39,x\n", "not finite", "in line 2, column `a`"),
        ("a,y\n1, \n", "the label is missing", "in line 2"),
        (b"a,y\n1,\xff\n", "not UTF-8", "in line 2"),
        (b"a,y\n\xff,x\n", "is no number", "in line 2, column `a`"),
        ('a,y\n1,"x', "unexpected end of data", "in line 2"),
        ("y\nx\n", "no columns beside the label", ""),
        ("a,y\n1,x\n".encode("utf-16"), "no UTF-8 text", "in line 1"),
        ("a,y\n1," + "x" * 200_000, "field larger than field limit", "in line 2"),
    ],
)
def test_damage_is_told_with_its_line(load, text, reason, place):
    (problem,) = load(text, label="y") if text else load(text)
    assert reason in problem.reason
    assert place in problem.place


@pytest.mark.parametrize(
    ("options", "reason", "way_out"),
    [
        ({"label": "specis"}, "no column of `", "did you mean `species`?"),
        ({"label": "zzz"}, "is called `zzz`", "it begins with `length`, `species`, `width`"),
        ({"target": 4}, "has columns 1 to 3, not 4", ""),
    ],
)
def test_columns_that_are_not_there(load, options, reason, way_out):
    (problem,) = load(FLOWERS, **options)
    assert reason in problem.reason
    assert problem.way_out == way_out
    assert not problem.missing


@pytest.mark.parametrize(
    ("text", "options", "way_out"),
    [
        ("a;b;y\n1;2;0\n", {}, "set `separator` to semicolon"),
        ("a,b,y\n1,2,0\n", {"separator": "tab"}, "set `separator` to comma"),
        ("1,2,rose\n3,4,iris\n", {}, "set `header` to false"),
    ],
)
def test_a_wrong_separator_or_no_header_is_seen(load, text, options, way_out):
    (problem,) = load(text, label="y", **options)
    assert way_out in problem.way_out


def test_a_missing_header_is_noticed(load):
    (problem,) = load("1,2\n3,4\n")
    assert "holds numbers, not the names" in problem.reason


def test_huge_files_are_not_read(load, monkeypatch):
    monkeypatch.setattr(table, "MOST_BYTES", 1 << 20)
    (problem,) = load(b"a,b\n" + b"1,2\n" * (1 << 19))
    assert "larger than 1 MiB" in problem.reason


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("csv") / "file"


ROWS = st.text(alphabet='0123456789.-+einfax_,;\n\r"\t \0é', max_size=80)


@given(content=st.one_of(st.binary(max_size=80), ROWS.map(str.encode)), header=st.booleans())
@settings(max_examples=300)
def test_any_bytes_are_data_or_a_problem(place, content, header):
    place.write_bytes(content)
    kind = SOURCES["csv"](file=str(place), header=header, label=1)
    whole = open_source(kind, Where(place.parent))
    if isinstance(whole, Dataset):
        assert len(whole.train) >= 1
    else:
        assert whole[0].diagnostic().message
