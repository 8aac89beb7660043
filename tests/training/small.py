"""A small net on the digits, and the steps from its text to a run that the tests share."""

import json

from netc.diag import Source, render
from netc.formats import read_source
from netc.ir import build
from netc.spec import Spec
from netc.training import Run, Stepped, Wish, resume, start

NET = """net small {
    input image [1, 8, 8]
    input label class(10)
    conv(8, kernel: 3) -> batch_norm -> relu
    max_pool(2) -> dropout(0.1)
    scores = dense(10)
    loss   softmax_loss(scores, label)
    metric accuracy(scores, label)
    output prob = softmax(scores)
}
"""

TRAIN = """train {
    data      digits()
    batch     100
    epochs    2
    optimizer adam(rate: 0.03, decay: 1e-4)
    schedule  cosine
    seed      3
}
"""


def spec_of(text=NET + TRAIN, path="small.net"):
    read = read_source(Source(path, text))
    assert isinstance(read, Spec), "\n".join(render(p.diagnostic()) for p in read)
    return read


def graph_of(text=NET):
    graph = build(spec_of(text)).graph
    assert graph is not None
    return graph


def section(*lines):
    """The net with a `train` section of these lines."""
    return spec_of(NET + "train {\n" + "\n".join(lines) + "\n}\n")


def ready(out, text=NET + TRAIN, **wish):
    """A run that can start."""
    run = start(spec_of(text), Wish(out=out, threads=1, **wish))
    assert isinstance(run, Run), [p.diagnostic() for p in run]
    return run


def resumed(out, **wish):
    run = resume(out, Wish(**wish))
    assert isinstance(run, Run), [p.diagnostic() for p in run]
    return run


def consume(run, *, interrupt_at=None):
    """All events of a run; Ctrl-C comes while the event of a step is looked at."""
    events = []
    for event in run.events():
        events.append(event)
        if isinstance(event, Stepped) and event.step == interrupt_at:
            raise KeyboardInterrupt
    return events


def weights(folder):
    """The files of a run that have arrays, as bytes."""
    return {
        name: (folder / f"{name}.safetensors").read_bytes() for name in ("last", "best", "state")
    }


def lines(folder):
    """What `metrics.jsonl` of a run holds."""
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def without_times(folder):
    """The same without what the clock says."""
    timed = ("seconds", "started", "examples_per_second")
    return [{k: v for k, v in line.items() if k not in timed} for line in lines(folder)]
