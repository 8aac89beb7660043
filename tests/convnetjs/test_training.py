"""Five updates by each of its trainers give the weights that ConvNetJS has then."""

import numpy as np
import pytest

from tests.convnetjs.agree import agree, agree_in_short
from tests.convnetjs.corpus import case, runs
from tests.convnetjs.twin import Twin


def room_for(name, options, dtype):
    """ConvNetJS's `adam` moves a weight by up to ten times its rate, however small the gradient, so
    that float32's rounding of what is nearly 0 grows. The loss of one net goes from 1 to 1000."""
    if options.get("method") != "adam" or dtype == "f64":
        return 1
    return 100 if name == "rldemo" else 10


@pytest.mark.parametrize("engine", ["cpu", "numpy"])
@pytest.mark.parametrize("dtype", ["f64", "f32"])
@pytest.mark.parametrize(("name", "trainer"), runs())
def test_five_updates_leave_the_weights_of_convnetjs(name, trainer, dtype, engine):
    known = case(name)
    run = known.run(trainer)
    room = room_for(name, run.options, dtype)
    twin = Twin(known, run.options, dtype=dtype, engine=engine)
    for calls in run.batches:
        loss = known.loss(np.mean([call["cost_loss"] for call in calls]))
        agree(twin.learn(calls).loss, loss, dtype, "loss", room=room)
    assert twin.learner.step == 5
    if run.is_summary:
        assert_same_summaries(twin, run, dtype, room)
    else:
        for weight, numbers in twin.named(run.weights):
            agree(twin.store.weights[weight], numbers, dtype, weight, room=room)
    agree(twin.answers([0]), run.after, dtype, "output", room=room)


def assert_same_summaries(twin, run, dtype, room):
    for node, layer in zip(twin.learned, run.weights, strict=True):
        rows = twin.store.weights[f"{node}.weight"]
        rows = rows.reshape(len(rows), -1)
        as_filed = np.empty_like(rows)
        as_filed[:, twin.case.order(layer["layer"])] = rows
        for place, (row, short) in enumerate(zip(as_filed, layer["filters"], strict=True)):
            agree_in_short(row, short, dtype, f"{node}, filter {place}", room=room)
        bias = twin.store.weights[f"{node}.bias"]
        agree_in_short(bias, layer["biases"], dtype, f"{node}.bias", room=room)
