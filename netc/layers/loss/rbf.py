"""The loss of LeNet-5, which goes by distances from the classes."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import layer
from netc.layers.labels import right_of
from netc.layers.loss.base import Loss, loss_of
from netc.options import option
from netc.types import Array, Tensor


@layer("rbf_loss", family="loss")
class RbfLoss(Loss):
    """The distance from the right class, and that the others are far; averaged over the batch.

    With `criterion: mle` the loss of one example is penalties[label]. With `map`, the usual, it
    is penalties[label] + log(exp(-j) + sum_i exp(-penalties[i])): the others are pushed away,
    as long as they are not much farther than j, the distance of a class of rubbish.
    LeCun et al., Gradient-Based Learning Applied to Document Recognition, 1998, section II.C,
    eq. 8 and 9. The penalties are the distances that an `rbf` layer gives.

    Example:
        rbf_loss([10], class(10)) -> []
    """

    criterion: str = option(
        "map",
        "Maximum likelihood, or maximum a posteriori, where classes compete.",
        choices=("mle", "map"),
    )
    j: float = option(0.1, "Distance of a class of rubbish, for `map`.", above=0)

    def infer(self, penalties: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(penalties, label, name="penalties")
        return loss_of(penalties)

    def keep(self, penalties: Tensor, label: Tensor) -> dict[str, Tensor]:
        return {"part": penalties} if self.criterion == "map" else {}

    def forward(self, penalties: Array, label: Array, y: Array, part: Array | None = None) -> None:
        losses = penalties[right_of(label)]
        if part is not None:
            # The least distance is taken off, so that not all exponentials are 0.
            least = np.minimum(np.min(penalties, axis=1), self.j)
            np.subtract(least[:, None], penalties, out=part)
            np.exp(part, out=part)
            total = np.sum(part, axis=1) + np.exp(least - self.j)
            part /= total[:, None]
            losses = losses - least + np.log(total)
        y[...] = np.sum(losses) / label.size

    def backward(
        self, dy: Array, label: Array, dpenalties: Array, part: Array | None = None
    ) -> None:
        share = dy / label.size
        if part is None:
            dpenalties.fill(0)
        else:
            np.multiply(part, -share, out=dpenalties)
        dpenalties[right_of(label)] += share

    def counts(self, label: Array) -> int:
        return label.size

    def torch(self, t: Any, penalties: Any, label: Any) -> Any:
        loss = penalties.gather(1, label[:, None])[:, 0]
        if self.criterion == "map":
            rubbish = t.full_like(penalties[:, :1], self.j)
            loss = loss + t.logsumexp(-t.cat([penalties, rubbish], 1), 1)
        return loss.mean()
