"""Claims of a file about its net: what can be claimed, and what is told where it is not so."""

import pytest

from netc.cli.checked import check_text

NET = """net a(width = 4) {{
    input image [3, 8, 8]
    input label class(10)
    c1 = conv(width, kernel: 3) -> relu
    layer shared = conv(width, kernel: 1)
    shared -> relu -> shared
    u = unit(6)
    for k in [2, 3] {{ dense(k) }}
    scores = dense(10)
    loss softmax_loss(scores, label)
    {claim}
}}
block unit(width) {{ conv(width, kernel: 3) -> batch_norm -> relu }}
"""


def told(claim: str, text: str = NET) -> list[tuple[str, str]]:
    """Slug and label of what is wrong with a claim."""
    found = [p.diagnostic() for p in check_text(text.format(claim=f"assert {claim}")).problems]
    return [
        (d.slug, d.primary.text if d.primary else "") for d in found if d.slug != "unused-value"
    ]


@pytest.mark.parametrize(
    "claim",
    [
        "params(c1) == 3 * 4 * 9 + 4",
        "params(shared) == 4 * 4 + 4",
        "params(u) == 4 * 6 * 9 + 6 + 2 * 6",
        "params(u.conv_1) == 222",
        "params(k_2) == 194 and params(k_3) == 9",
        "params(scores) == 40",
        "params == params(c1) + params(shared) + params(u) + params(k_2) + params(k_3) + 40",
        "macs(c1) == 3 * 4 * 9 * 36",
        "macs(shared) == 2 * 4 * 4 * 36",
        "macs(scores) == 30 and macs > macs(c1)",
        "shape == [10]",
        "shape(c1) == [4, 6, 6] and shape(image)[0] == 3",
        "shape(u.conv_1) == [6, 4, 4]",
        "shape(k_2.dense_1) == [2]",
        "memory > 0 and memory(64) > memory(2)",
        "in.channels == 10 and c1.height == 6 and label.classes == 10",
        "width == 4 or false",
        "not (params > 1_000_000)",
        "params in range(1, 9999)",
    ],
)
def test_what_is_so_is_passed_over(claim: str) -> None:
    assert told(claim) == []


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("params(c1) == 100", "`params(c1)` is 112"),
        ("100 < params(scores)", "`params(scores)` is 40"),
        ("params(c1) == params(shared)", "`params(c1)` is 112, `params(shared)` is 20"),
        ("shape == [3, 1]", "`shape` is [10]"),
        ("shape(c1)[0] > 2 * width", "`shape(c1)[0]` is 4, `2 * width` is 8"),
        ("width in [1, 2]", "`width` is 4"),
        ("false", "this is false"),
        ("not params == 609", "`params` is 609"),
        ("params(c1) == 1 or width == 1", "`params(c1)` is 112, `width` is 4"),
    ],
)
def test_what_is_not_so_is_told_with_both_sides(claim: str, label: str) -> None:
    assert told(claim) == [("failed-assert", label)]


def test_claims_joined_by_and_are_told_one_by_one() -> None:
    assert [slug for slug, _ in told("params(c1) == 1 and width == 4 and macs(c1) == 1")] == [
        "failed-assert",
        "failed-assert",
    ]


@pytest.mark.parametrize(
    ("claim", "slug"),
    [
        ("params", "wrong-condition"),
        ("shape", "wrong-condition"),
        ("width", "wrong-condition"),
        ("prams == 3", "unknown-name"),
        ("params(c9) == 3", "unknown-value"),
        ("params(image) == 0", "wrong-arguments"),
        ("params(c1, u) == 3", "wrong-arguments"),
        ("memory(0) == 3", "wrong-arguments"),
        ('memory("a") == 3', "wrong-arguments"),
        ("shape(width) == 3", "unknown-value"),
        ("shape[5] == 3", "bad-index"),
        ("params / 0 == 3", "division-by-zero"),
        ("scores.height == 3", "unknown-attribute"),
    ],
)
def test_what_cannot_be_claimed(claim: str, slug: str) -> None:
    assert [slug for slug, _ in told(claim)] == [slug]


def test_a_claim_in_a_block_is_about_its_instance() -> None:
    text = (
        "net a {{ input x [4]\n unit(3) -> unit(5)\n output relu }}\n"
        "block unit(width) {{ h = dense(width)\n {claim} }}\n"
    )
    assert told("shape == [width] and params(h) > 0", text) == []
    assert told("params(h) == 15", text) == [("failed-assert", "`params(h)` is 20")]


def test_a_claim_in_a_loop_is_about_its_round() -> None:
    text = "net a {{ input x [4]\n for k in [3, 5] {{ h = dense(k)\n {claim} }}\n output relu }}"
    assert told("shape(h) == [k] and params(h) > 0", text) == []
    assert told("params(h) == 15", text) == [("failed-assert", "`params(h)` is 20")]


def test_a_claim_stands_where_its_line_stands() -> None:
    text = "net a {{ input x [4]\n dense(3)\n {claim}\n output dense(2) }}"
    assert told("shape == [3]", text) == []


def test_where_something_else_is_wrong_nothing_is_claimed() -> None:
    text = "net a {{ input x [4]\n dens(3)\n {claim}\n output dense(2) }}"
    assert [slug for slug, _ in told("params == 0", text)] == ["unknown-layer"]
