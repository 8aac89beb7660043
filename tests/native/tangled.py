"""Nets made to mislead an engine: values that are parts or second names of others, layers without
much to do, numbers that are not there for zeros."""

IMAGE, ROW = "input x [2, 6, 6]; input label class(3)", "input x [6]; input label class(3)"
SCORES = "y = {} -> flatten -> dense(3); loss softmax_loss(y, label)"


def _scored(body: str, last: str, *outputs: str) -> str:
    """A net on images that ends in scores for three classes."""
    named = "; ".join(f"output {name}" for name in outputs)
    return "; ".join(filter(None, (IMAGE, body, SCORES.format(last), named)))


TANGLED = {
    "logarithms of rows": """input x [3]; input t [4]
        y = x -> softplus -> log -> dense(4); loss euclidean_loss(y, t); output y""",
    "logarithms of images": """input x [3, 4, 4]; input t [4]
        y = x -> abs -> log -> conv(3, kernel: 3) -> flatten -> dense(4)
        loss euclidean_loss(y, t)""",
    "one divided by numbers": """input x [5]; input t [4]
        y = x -> abs -> power(-1) -> dense(4); loss euclidean_loss(y, t)""",
    "a loss of logarithms": f"{ROW}; y = x -> dense(3) -> softmax; loss log_loss(y, label)",
    "a value joined with itself": _scored(
        "a = x -> conv(3, kernel: 3); b = concat(a, a, a); c = b -> relu -> conv(2, kernel: 2);"
        "d = concat(c, c)",
        "d",
        *("b", "d"),
    ),
    "an input joined with itself": _scored(
        "b = concat(x, x); c = concat(b, x)", "c", "b", "c", "x"
    ),
    "joined values in joined values": _scored(
        "a = x -> conv(2, kernel: 3, pad: 1) -> relu; b = concat(x, a);"
        "c = b -> conv(2, kernel: 3, pad: 1) -> relu; d = concat(b, c);"
        "e = d -> batch_norm -> relu -> conv(2, kernel: 1); f = concat(d, e, a)",
        "f",
        *("f", "a"),
    ),
    "joined before and after normalization": _scored(
        "a = x -> batch_norm; b = concat(a, x); c = b -> batch_norm -> relu -> batch_norm;"
        "d = concat(c, c)",
        "d",
        "b",
    ),
    "one number": """input x [1]; input t [1]
        y = x -> dense(1) -> tanh -> dense(1); loss euclidean_loss(y, t); output y""",
    "a map of labels": """input x [2, 5, 6]; input label class(3) [5, 6]
        y = x -> conv(4, kernel: 3, pad: 1) -> batch_norm -> relu -> conv(3, kernel: 1)
        loss softmax_loss(y, label); metric accuracy(y, label); output p = softmax(y)""",
    "losses of the same scores": f"""{ROW}; y = x -> dense(3); loss softmax_loss(y, label)
        loss hinge_loss(y, label, weight: 0.3); loss softmax_loss(y, label, weight: 2)
        metric accuracy(y, label)""",
    "losses of second names": f"""{ROW}
        y = x -> dense(3) -> identity -> reshape([3]) -> identity; z = y -> identity
        loss softmax_loss(z, label); loss softmax_loss(y, label); output z; output y""",
    "losses of a value and itself": """input x [5]; a = x -> dense(4); b = x -> dense(4)
        loss euclidean_loss(a, b); loss euclidean_loss(a, a); output a""",
    "layers that do not learn": _scored(
        "a = x -> conv(4, kernel: 3, rate: 0) -> batch_norm(rate: 0) -> relu;"
        "b = a -> conv(3, kernel: 4, rate: 0)",
        "b",
    ),
    "one bias that learns": f"""{IMAGE}; y = x -> bias -> flatten -> dense(3, rate: 0)
        loss softmax_loss(y, label)""",
    "outputs that are inputs": """input x [2, 6, 6]; input t [2, 6, 6]; y = x -> scale
        loss euclidean_loss(y, t); output x; output t""",
    "labels that are outputs": f"{ROW}; y = x -> dense(3); loss softmax_loss(y, label); output y",
    "outputs on the way": _scored(
        "a = x -> conv(4, kernel: 3) -> relu; b = a -> max_pool(2)", "b", "a", "b"
    ),
    "a value added to itself": _scored(
        "a = x -> conv(4, kernel: 3); b = add(a, a); c = mul(b, a); d = add(c, b, a) -> relu",
        "d",
        "b",
    ),
    "an image that is also a row": _scored(
        "a = x -> conv(4, kernel: 3); f = a -> flatten; g = f -> dense(3);"
        "h = a -> relu -> flatten -> dense(3); s = add(g, h)",
        "s",
        *("f", "a"),
    ),
    "sequences": """input x [3, 11]; input label class(3)
        a = x -> conv(4, kernel: 3, stride: 2, pad: 1) -> batch_norm -> relu -> max_pool(2)
        y = a -> conv(4, kernel: 2, groups: 2) -> avg_pool(2) -> flatten -> dense(3)
        loss softmax_loss(y, label)""",
    "parts that are joined again": _scored(
        "a = x -> conv(6, kernel: 3); b = a -> slice(stop: 2); c = a -> slice(start: 4);"
        "d = c -> conv(2, kernel: 3, pad: 1); e = add(b, d); f = concat(e, b)",
        "f",
        *("b", "c"),
    ),
    "layers that stand three times": _scored(
        "layer s = conv(2, kernel: 3, pad: 1); layer n = batch_norm; a = s(x); b = n(a);"
        "c = b -> relu; d = s(c); e = n(d); f = s(e); g = add(f, a)",
        "g",
    ),
    "twins": """input x [5]; input z [5]; input same class(2); layer s = dense(5)
        a = s(x) -> tanh; b = s(z); c = s(a); loss contrastive_loss(c, b, same)""",
    "a residual net": _scored(
        "a = x -> conv(4, kernel: 3, pad: 1) -> batch_norm -> relu;"
        "b = a -> conv(4, kernel: 3, pad: 1) -> batch_norm;"
        "c = add(a, b) -> relu;"
        "d = c -> conv(6, kernel: 3, pad: 1, stride: 2) -> batch_norm;"
        "e = c -> conv(6, kernel: 1, stride: 2) -> batch_norm; f = add(d, e) -> relu",
        "f",
    ),
    "normalized rows": f"""{ROW}
        y = x -> dense(6, bias: false) -> batch_norm -> relu -> dense(3)
            -> batch_norm(scale: false, shift: false)
        loss softmax_loss(y, label)""",
    "much dropped": _scored(
        "a = x -> dropout(0.2) -> conv(4, kernel: 3) -> relu -> spatial_dropout(0.3);"
        "b = a -> max_pool(2) -> dropout(0.5)",
        "b",
    ),
    "a branch for a metric": f"""{ROW}; y = x -> dense(3); z = x -> dense(3)
        loss softmax_loss(y, label); metric accuracy(z, label); output z""",
    "a convolution that sees padding alone": _scored(
        "a = x -> max_pool(6) -> conv(40, kernel: 1) -> tanh; b = a -> conv(3, kernel: 1, pad: 1,"
        "stride: 2)",
        "b",
    ),
    "gradients that are all zeros": _scored("a = x -> bias(shared: true) -> threshold(0.5)", "a"),
    "layers called like gradients": _scored(
        "d = x -> batch_norm; factor = d -> conv(2, kernel: 1); offset = factor -> max_pool(2);"
        "part = offset -> batch_norm; tilt = part -> conv(2, kernel: 1); key = add(tilt, part)",
        "key",
    ),
    "logarithms behind a rule": _scored("a = x -> layer_norm -> abs -> log", "a"),
    "rules of NumPy in between": _scored(
        "a = x -> conv(4, kernel: 3) -> layer_norm -> relu; b = a -> instance_norm", "b", "b"
    ),
    "images behind images": """input x [3, 4, 4]; a = x -> deconv(2, kernel: 3, stride: 2) -> relu
        b = a -> conv(3, kernel: 3, stride: 2); loss euclidean_loss(b, x); output a; output b""",
    "pooled and back": """input x [2, 6, 6]; p = x -> max_pool(2); c = p -> conv(2, kernel: 1)
        u = unpool(c, x, 2); loss euclidean_loss(u, x); output u""",
}
"""The bodies of nets by what is in them."""


def text_of(name: str) -> str:
    return f"net tangled {{\n{TANGLED[name]}\n}}\n"
