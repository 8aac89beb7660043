"""Numbers beyond all reason, wherever one can stand, end in problems."""

import pytest

from netc.cli.checked import check_text
from netc.diag import render

NUMBERS = ["9" * 299, "9" * 350, "1e308", "-1e308", "1e999", str(2**53 + 1), str(2**64)]

LINES = [
    "dense({})",
    "dense(4, rate: {})",
    "dense(4, init: gaussian(std: {}))",
    "dropout({})",
    "conv(4, kernel: 3, stride: {}, pad: {})",
    "max_pool({})",
    "concat({})",
    "lrn(size: {})",
    "reshape([{}, {}])",
    "repeat {} {{ relu }}",
    "for i in 0..{} {{ relu }}",
    "for i in range(0, {}, 1) {{ relu }}",
    "for i in range(-{}, {}, {}) {{ relu }}",
    "if {} {{ relu }}",
    "dense({} / 3 + {} // 3 + {} % 3)",
    "dense({} * {})",
    "dense(2 ** {})",
    "dense({} ** 0.5)",
    "dense([1][{}])",
    "dense(len([1] * {}))",
    "dense({{{}: 1}}[3])",
    'dense("a" + {})',
    "dense(floor({}))",
    "dense(ceil({}) + round({}) + abs({}))",
    "dense(sqrt({}))",
    "dense(log({}))",
    "dense(min({}, 2.5))",
    "dense(sum([{}, {}, 0.5]))",
    "if {} < 3.5 or {} in [1, 2.5] {{ relu }}",
    "assert params < {}",
    "assert memory({}) > 3",
    "input other [{}, {}]",
    "input label class({})",
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: f"{number[:6]}-{len(number)}")
@pytest.mark.parametrize("line", LINES)
def test_a_huge_number_is_told_of_or_used(line: str, number: str) -> None:
    written = line.replace("{}", number).replace("{{", "{").replace("}}", "}")
    text = f"net a {{\n    input x [4, 8, 8]\n    {written}\n    output dense(1)\n}}\n"
    for problem in check_text(text).problems:
        assert render(problem.diagnostic())


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: f"{number[:6]}-{len(number)}")
def test_a_huge_setting_or_parameter_is_told_of_or_used(number: str) -> None:
    text = f"""net a(k = {number}) {{
    input x [k]
    output dense(1)
}}
train {{
    batch {number}
    seed {number}
    epochs {number}
    optimizer sgd(rate: {number})
    schedule step(every: {number})
}}
"""
    for problem in check_text(text).problems:
        assert render(problem.diagnostic())
