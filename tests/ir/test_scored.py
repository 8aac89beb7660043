"""Which outputs are scores of classes, for those who want to name the best."""

import pytest

from netc.ir import class_scores
from tests.nets import graph_of

_NET = """net n {{
    input x [4]
    input label class(3)
    {body}
}}
"""


@pytest.mark.parametrize(
    ("body", "scored"),
    [
        ("s = dense(3); loss softmax_loss(s, label); output p = softmax(s)", {"p"}),
        ("s = dense(3); loss softmax_loss(s, label); output s; output s2 = negate(s)", {"s"}),
        ("s = dense(3); p = softmax; loss log_loss(p, label); output s; output p", {"s", "p"}),
        ("d = rbf(3); loss rbf_loss(d, label); output d", set()),
        (
            "d = rbf(3); loss rbf_loss(d, label); output s = negate(d); metric accuracy(s, label)",
            {"s"},
        ),
        ("h = dense(3); s = dense(3); loss softmax_loss(s, label); output h; output s", {"s"}),
    ],
)
def test_scores_are_what_losses_and_metrics_compare_with_labels(
    body: str, scored: set[str]
) -> None:
    assert class_scores(graph_of(_NET.format(body=body))) == scored


def test_the_two_numbers_of_a_twin_are_no_scores_of_same_and_different() -> None:
    graph = graph_of(
        """net twins {
            input left [4]
            input right [4]
            input same class(2)
            layer look = dense(2)
            a = left -> look
            b = right -> look
            loss contrastive_loss(a, b, same)
            output a
        }"""
    )
    assert class_scores(graph) == set()
