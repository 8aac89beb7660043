"""What scripts of ConvNetJS say of a net, read without ever being run."""

from typing import Any

import pytest

from netc.diag import Problem, Source, mend
from netc.formats.convnetjs import Listing
from netc.formats.json.nodes import Array, Broken, Node, Object
from netc.formats.read import read_source
from tests.convnetjs.corpus import read as read_json
from tests.convnetjs.corpus import text as read_text
from tests.formats.scripts import reading

PAGES = (
    *("autoencoder", "cifar10", "classify2d", "image_regression", "mnist", "regression"),
    *("rldemo", "trainers"),
)
TWO = "{type:'input', out_sx:1, out_sy:1, out_depth:2}"
END = "{type:'softmax', num_classes:3}"


def data(node: Node) -> Any:
    assert not isinstance(node, Broken)
    if isinstance(node, Array):
        return [data(item) for item in node.items]
    if isinstance(node, Object):
        return {member.key.value: data(member.value) for member in node.members}
    return node.value


def listing(text: str) -> Listing:
    made = reading(Source("net.js", text))
    assert isinstance(made, Listing), [p.diagnostic().message for p in made]
    return made


def layers(text: str) -> Any:
    return data(listing(text).layers)


def problems(text: str) -> list[Problem]:
    made = reading(Source("net.js", text))
    return made if isinstance(made, list) else []


def slugs(text: str) -> list[str]:
    return [problem.slug for problem in problems(text)]


def skipped(text: str) -> list[str]:
    return [text[span.start : span.end] for span in listing(text).skipped]


# ---- the texts of ConvNetJS's own pages


def meant(name: str) -> Any:
    """What the browser makes of a page's text."""
    return read_json("demos_as_json.json")[name]


def of_page(name: str) -> str:
    return read_text(f"{name}.layer_defs.js")


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"rldemo"}))
def test_a_demo_means_what_the_browser_makes_of_it(name: str) -> None:
    made = listing(of_page(name))
    trainers = meant(name)["trainer_defs"] or [meant(name)["trainer"]]
    assert data(made.layers) == meant(name)["layer_defs"]
    assert [data(trainer) for trainer in made.trainers] == trainers
    assert not made.skipped


def test_an_agent_has_the_net_and_the_trainer_that_it_is_given() -> None:
    made = listing(of_page("rldemo"))
    assert data(made.layers) == meant("rldemo")["layer_defs"]
    options = {"learning_rate": 0.001, "momentum": 0, "batch_size": 64, "l2_decay": 0.01}
    assert [data(trainer) for trainer in made.trainers] == [options]


def test_an_agent_without_layers_makes_its_own() -> None:
    text = "new deepqlearn.Brain(3, 2, {hidden_layer_sizes: [20, 30], temporal_window: 2});"
    first, *hidden, last = layers(text)
    assert first == {"type": "input", "out_sx": 1, "out_sy": 1, "out_depth": 3 * 2 + 2 * 2 + 3}
    assert [layer["num_neurons"] for layer in hidden] == [20, 30]
    assert {layer["activation"] for layer in hidden} == {"relu"}
    assert last == {"type": "regression", "num_neurons": 2}


def test_a_single_layer_is_a_net_of_its_input_and_itself() -> None:
    text = """size = {in_sx: 128, in_sy: 128, in_depth: 3, sx: 11, filters: 96, stride: 1, pad: 0};
    var alone = new convnetjs.ConvLayer(size);
    var input = new convnetjs.Vol(128, 128, 3);
    """
    made = layers(text)
    assert made == [
        {"type": "input", "out_sx": 128, "out_sy": 128, "out_depth": 3},
        {"type": "conv", "sx": 11, "filters": 96, "stride": 1, "pad": 0},
    ]


def test_what_a_readme_shows_beside_the_net_is_left_out_and_named() -> None:
    text = f"""const layer_defs = [{TWO}, {{type: 'fc', num_neurons: 20}}, {END}];
    const net = new convnetjs.Net();
    net.makeLayers(layer_defs);
    const point = new convnetjs.Vol([1, 2]); // two numbers
    const before = net.forward(point);
    console.log('class 0: ' + before.w[0]);
    const trainer = new convnetjs.Trainer(net, {{l2_decay: 0.001}});
    trainer.train(point, 0);
    """
    made = listing(text)
    assert len(made.layers.items) == 3
    assert [line.split("(")[0] for line in skipped(text)] == [
        "const before = net.forward",
        "console.log",
        "trainer.train",
    ]
    assert [notice.slug for notice in made.notices] == ["skipped-code"]


# ---- the ways to write a list


@pytest.mark.parametrize(
    "text",
    [
        f"layer_defs = []; layer_defs.push({TWO}); layer_defs.push({END});",
        f"var layer_defs = [];\nlayer_defs.push({TWO}, {END})\n",
        f"let layer_defs = [{TWO}, {END},];",
        f"const defs = [{TWO}]\ndefs.push({END})\nnet = new convnetjs.Net()\nnet.makeLayers(defs)",
        f"layer_defs = new Array(); layer_defs[0] = {TWO}; layer_defs[layer_defs.length] = {END};",
        f"var a = {TWO}, b = {END}; new convnetjs.Net().makeLayers([a, b]);",
        f"export const layer_defs = [{TWO}, {END}]",
        f"export default [{TWO}, {END}]",
        f"[{TWO}, {END}]",
        f"layer_defs = [{TWO}].concat([{END}])",
        f"var rest = [{END}]; layer_defs = [{TWO}, ...rest]",
        f"layers = [{TWO}, {END}]",
        "var i = {type:'input'}; i.out_sx = i.out_sy = 1; i['out_depth'] = 2; "
        f"layer_defs = [i, {END}];",
        "layer_defs = [{'type': \"input\", `out_sx`: 1}];".replace("`out_sx`: 1", "out_sx: 1")[:-3]
        + f", out_sy: 1, out_depth: 2}}, {END}];",
        f"<script src='convnet.js'></script>\n<SCRIPT>\nlayer_defs = [{TWO}, {END}]\n</script>",
        f"<!doctype html><body><textarea id=t>\nlayer_defs = [{TWO}, {END}]</textarea>",
        f"#!/usr/bin/env node\n'use strict';\nlayer_defs = [{TWO}, {END}]",
    ],
)
def test_a_list_can_be_written_in_many_ways(text: str) -> None:
    assert layers(text) == [
        {"type": "input", "out_sx": 1, "out_sy": 1, "out_depth": 2},
        {"type": "softmax", "num_classes": 3},
    ]


def test_a_net_has_the_layers_that_its_list_had_when_it_was_made() -> None:
    text = f"defs = [{TWO}, {END}]; net.makeLayers(defs); defs.push({END}); defs = 3;"
    assert len(layers(text)) == 2


def test_a_list_set_anew_begins_anew() -> None:
    assert len(layers(f"layer_defs = [{END}]; layer_defs = [{TWO}]; layer_defs.push({END})")) == 2


def test_two_variables_can_hold_one_list() -> None:
    assert len(layers(f"a = []; b = a; b.push({TWO}, {END}); net.makeLayers(a);")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "trainer = new convnetjs.SGDTrainer(net, {method:'adadelta', batch_size:20});",
        "trainer = new convnetjs.Trainer(net, {method:'sgd'}); trainer.method = 'adadelta';"
        "trainer.batch_size = 4*5;",
        "var opt = {method:'adadelta'}; opt.batch_size = 20; new convnetjs.Trainer(net, opt);",
        "trainer_defs = []; trainer_defs.push({method:'adadelta', batch_size:20});",
    ],
)
def test_options_of_a_trainer_can_be_written_in_many_ways(text: str) -> None:
    made = listing(f"layer_defs = [{TWO}, {END}]; {text}")
    assert [data(each) for each in made.trainers] == [{"method": "adadelta", "batch_size": 20}]


def test_a_trainer_keeps_the_options_it_was_made_with() -> None:
    text = "opt = {momentum:0}; new convnetjs.Trainer(net, opt); opt.momentum = 0.9;"
    made = listing(f"layer_defs = [{TWO}, {END}]; {text}")
    assert [data(each) for each in made.trainers] == [{"momentum": 0}]


# ---- values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("28*28", 784),
        ("2**3**2 - 7 % 4 / 2", 510.5),
        ("-(1 + 2) * +3", -9),
        ("Math.floor(9.7/2) + Math.max(1, 3, 2) + Math.round(2.5)", 10),
        ("Math.sqrt(16) * Math.pow(2, 3)", 32),
        (".5", 0.5),
        ("5.", 5),
        ("1e-8", 1e-8),
        ("0x10 + 0b11 + 0o7", 26),
        ("1_000", 1000),
        ("'so' + \"ft\" + `max`", "softmax"),
        ("'fc' + 1.0 + 0.5", "fc10.5"),
        (r"'a\'\n\x41B\u{43}'", "a'\nABC"),
        ("true", True),
        ("null", None),
        ("[1, [2], {a: 3}]", [1, [2], {"a": 3}]),
        ("sizes[1] + opt.depth", 33),
        ("sizes.length", 2),
    ],
)
def test_values_are_computed_as_javascript_does(text: str, value: Any) -> None:
    before = "var sizes = [20, 30], opt = {depth: 3};"
    made = layers(f"{before} layer_defs = [{{type:'input', value: {text}}}];")
    assert made == [{"type": "input", "value": value}]


def test_a_value_stands_where_it_is_used() -> None:
    text = f"var width = 20;\nlayer_defs = [{TWO}, {{type:'fc', num_neurons:width}}];"
    layer = listing(text).layers.items[1]
    assert isinstance(layer, Object)
    name, count = layer.members[1].key, layer.members[1].value
    assert text[count.start : count.end] == "width"
    assert name.inside(Source("", text)).start == text.index("num_neurons")
    assert text[name.start : name.end] == "num_neurons"


def test_names_that_every_object_has_are_names_like_others() -> None:
    text = "var constructor = 2; layer_defs = [{type:'input', __proto__: 1, toString: constructor}]"
    assert layers(text) == [{"type": "input", "__proto__": 1, "toString": 2}]
    assert slugs("layer_defs = [{type:'input', out_depth:hasOwnProperty}]") == [
        "undefined-variable"
    ]


# ---- what is not read


def test_statements_about_other_things_are_left_out() -> None:
    other = "console.log('a' + (1, 2)); $('#b').click(function() { draw(); }); x = net.forward(y);"
    text = f"layer_defs = [{TWO}, {END}]; {other}"
    assert len(skipped(text)) == 3


def test_loops_and_functions_that_leave_the_layers_alone_are_left_out() -> None:
    other = (
        "function draw() { ctx.fillRect(0, 0, 1, 1); }\n"
        "for (var i = 0; i < 10; i++) { trainer.train(x, i); }\n"
        "while (true) step()\n"
        "if (a) b(); else c();\n"
        "var later = (x) => x*2\n"
        "try { run(); } catch (e) { alert(e); } finally { stop(); }"
    )
    assert len(listing(f"layer_defs = [{TWO}, {END}]\n{other}\n").skipped) >= 6


@pytest.mark.parametrize(
    "code",
    [
        f"for (i = 0; i < 2; i++) layer_defs.push({END});",
        f"if (deep) {{ layer_defs.push({END}); }}",
        f"while (n--) {{\n  layer_defs.push({END})\n}}",
        f"function f() {{ layer_defs.push({END}); }} f();",
        f"f(); function f() {{ g(); }} function g() {{ layer_defs.push({END}); }}",
        f"var f = () => layer_defs.push({END}); sizes.forEach(f);",
        f"[1, 2].forEach(function(n) {{ layer_defs.push({END}); }});",
        "for (i = 0; i < 2; i++) layer_defs[1].num_classes *= 2;",
        "layer_defs = condition ? [] : layer_defs;",
    ],
)
def test_code_that_changes_the_layers_is_no_small_matter(code: str) -> None:
    assert slugs(f"layer_defs = [{TWO}, {END}];\n{code}") in (["unread-code"], ["unread-value"])


def test_code_that_changes_a_number_matters_where_the_number_is_used() -> None:
    text = "var n = 2; for (;;) { n *= 2; }"
    assert slugs(f"{text} layer_defs = [{TWO}, {{type:'softmax', num_classes:n}}];") == [
        "unread-code"
    ]
    assert len(layers(f"{text} layer_defs = [{TWO}, {END}];")) == 2


# ---- mistakes


def test_every_statement_tells_of_its_own_mistake() -> None:
    text = f"""layer_defs = [];
layer_defs.push({TWO[:-1]});
layer_defs.push({{type:'fc' num_neurons:20}});
layer_defs.push({{type:'fc', num_neurons:neurons}});
layer_defs.push({{type:'fc', num_neurons:}});
layer_defs.push({END};
"""
    found = problems(text)
    assert [p.span.corners[0] for p in found if p.span] == [2, 3, 4, 5, 6]


def test_a_mistake_elsewhere_is_none_of_ours() -> None:
    assert len(layers(f"layer_defs = [{TWO}, {END}];\nalert('a' 'b');\nvar = 3;\n")) == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "layer defs = [{type:‘input’, out depth:2}];",
            "layer_defs = [{type:'input', out_depth:2}];",
        ),
        ("layer_ defs = [{type:“fc”}]", "layer_defs = [{type:'fc'}]"),
        (
            "layer_defs=[{type:'fc', l2 decay mul:1e−3}]",
            "layer_defs=[{type:'fc', l2_decay_mul:1e-3}]",
        ),
        ("layer_defs=[{type:'conv', ﬁlters:−1}]", "layer_defs=[{type:'conv', filters:-1}]"),
        ("layer_defs=[{type:'input', in sx:2}]", "layer_defs=[{type:'input', in_sx:2}]"),
        ("layer_defs=[{type:`fc', a:1}]", "layer_defs=[{type:'fc', a:1}]"),
        ("layer_defs=[{type:'fc'\u200b}]", "layer_defs=[{type:'fc'}]"),
    ],
)
def test_a_text_from_slides_is_mended(written: str, meant: str) -> None:
    found = problems(written)
    assert {problem.slug for problem in found} == {"copied-text"}
    text, _ = mend(written, [fix for problem in found for fix in problem.fixes()])
    assert text == meant
    assert not any(slug == "copied-text" for slug in slugs(meant))


@pytest.mark.parametrize("name", PAGES)
def test_a_demo_on_a_slide_comes_back_as_it_was(name: str) -> None:
    whole = of_page(name)
    code = "\n".join(line.split("//")[0] for line in whole.splitlines())
    slide = code.replace("_", " ")
    for _ in range(4):
        found = problems(slide)
        slide, _ = mend(slide, [fix for problem in found for fix in problem.fixes()])
    assert layers(slide) == layers(code)


def test_slips_of_one_character_are_mended() -> None:
    text = f"layer_defs = [{TWO}, {{type:'fc' num_neurons=20; sx:1}}])"
    for _ in range(3):
        text, _ = mend(text, [fix for problem in problems(text) for fix in problem.fixes()])
    assert text == f"layer_defs = [{TWO}, {{type:'fc', num_neurons:20, sx:1}}]"


def test_the_list_that_is_never_begun_is_begun() -> None:
    text = f"// a net\n  layer_defs.push({TWO});\nlayer_defs.push({END});\n"
    (problem,) = problems(text)
    text, _ = mend(text, problem.fixes())
    assert text.startswith("// a net\nvar layer_defs = [];\n  layer_defs.push(")
    assert len(layers(text)) == 2


def test_a_js_file_may_hold_what_a_script_has_saved() -> None:
    text = (
        '{"layer_defs": [{"type": "input", "out_depth": 2}, {"type": "softmax", "num_classes": 3}]}'
    )
    assert not isinstance(read_source(Source("net.js", text), ".js"), list)
