"""Nets that scripts make inside functions, classes, pages and texts, as most real files do."""

import re
import textwrap
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.diag import Source
from netc.formats.convnetjs import Listing
from netc.formats.read import read as read_file
from netc.formats.read import read_source
from netc.spec import Spec
from tests.formats.damage import damaged
from tests.formats.scripts import reading
from tests.formats.test_script import END, TWO, data, slugs

NET = [
    {"type": "input", "out_sx": 1, "out_sy": 1, "out_depth": 2},
    {"type": "softmax", "num_classes": 3},
]
LIST = f"var layer_defs = []; layer_defs.push({TWO}); layer_defs.push({END});"
MAKE = "net.makeLayers(layer_defs);"
TRAIN = "trainer = new convnetjs.Trainer(net, {method: 'adadelta', batch_size: 10});"
OPTIONS = {"method": "adadelta", "batch_size": 10}


def listing(text: str, path: str = "net.js") -> Listing:
    made = reading(Source(path, textwrap.dedent(text)))
    assert isinstance(made, Listing), [problem.diagnostic().message for problem in made]
    return made


def told(made: Listing) -> list[str]:
    """What is said beside that some statements are left out."""
    return [notice.slug for notice in made.notices if notice.slug != "skipped-code"]


def layers(text: str, path: str = "net.js") -> Any:
    return data(listing(text, path).layers)


# ---- where a net can be made

STYLES = {
    "a function": f"function start() {{ {LIST} net = new convnetjs.Net(); {MAKE} {TRAIN} }}",
    "a function that is called": f"start();\nfunction start() {{\n{LIST}\n{MAKE}\n{TRAIN}\n}}",
    "a page's callback": f"$(function() {{ {LIST} {MAKE} {TRAIN} }});",
    "an arrow function": f"const make = () => {{ {LIST} {MAKE} {TRAIN} return net; }};",
    "an export": f"exports.train = async function(rows) {{ {LIST} {MAKE} {TRAIN} }};",
    "a module": f"import cnn from 'cnn';\nexport default function Net(o) {{ {LIST} {TRAIN} }}",
    "code of its own": f"(function(global) {{ 'use strict'; {LIST} {MAKE} {TRAIN} }})(this);",
    "a promise": f"load('x').then(a => parse(a)).then(function(b) {{ {LIST} {MAKE} {TRAIN} }});",
    "a try": f"try {{ {LIST} {MAKE} {TRAIN} }} catch (error) {{ console.log(error); }}",
    "a block": f"{{ {LIST} {MAKE} {TRAIN} }}",
    "a method": f"""
        export default class Model extends Base {{
          constructor() {{ super(); this.build(); }}
          build() {{ let defs = [{TWO}, {END}]; this.net = new convnetjs.Net();
            this.net.makeLayers(defs); this.{TRAIN} }}
          predict(x) {{ return this.net.forward(x); }}
        }}""",
    "an object": f"""
        Agent.prototype = {{
          train: function(rows) {{ {LIST} {MAKE} {TRAIN} }},
          predict(x) {{ return this.net.forward(x); }}
        }};""",
    "what a function gives back": f"""
        function getLayers() {{ const layers = []; layers.push({TWO}, {END}); return layers; }}
        net.makeLayers(getLayers());
        {TRAIN}""",
    "a list given back": f"function layers() {{ return [{TWO}, {END}]; }} {TRAIN}",
    "this": f"""
        var Brain = function() {{
          this.layers = []; this.layers.push({TWO}); this.layers.push({END});
          this.net = new convnetjs.Net(); this.net.makeLayers(this.layers); this.{TRAIN}
        }};""",
    "a trainer elsewhere": f"function make() {{ {LIST} {MAKE} }} function run(rows) {{ {TRAIN} }}",
}


@pytest.mark.parametrize("style", STYLES)
def test_a_net_can_be_made_inside_other_code(style: str) -> None:
    made = listing(STYLES[style])
    assert data(made.layers) == NET
    assert [data(trainer) for trainer in made.trainers] == [OPTIONS]
    assert not told(made)


def test_an_agent_can_be_made_inside_a_class() -> None:
    text = """
        class Player {
          constructor(game) {
            const opt = {};
            opt.hidden_layer_sizes = [7];
            opt.tdtrainer_options = {learning_rate: 0.001, batch_size: 64};
            this.brain = new deepqlearn.Brain(2, 3, opt);
          }
        }"""
    made = listing(text)
    assert [layer["type"] for layer in data(made.layers)] == ["input", "fc", "regression"]
    assert [data(each) for each in made.trainers] == [{"learning_rate": 0.001, "batch_size": 64}]


def test_trainers_elsewhere_are_read_where_they_are_known() -> None:
    other = "function a(m) { new cnn.Trainer(net, {method: m}); }"
    text = f"function make() {{ {LIST} {MAKE} }} {other}"
    made = listing(text)
    assert not made.trainers
    assert told(made) == ["assumed-code"]
    made = listing(f"{text} function b(rows) {{ {TRAIN} rows.forEach(run); }}")
    assert [data(trainer) for trainer in made.trainers] == [OPTIONS]
    assert not told(made)


def test_hidden_layers_of_an_agent_are_a_list() -> None:
    assert slugs("new deepqlearn.Brain(2, 2, {hidden_layer_sizes: 20});") == ["bad-script"]


def test_who_calls_their_own_class_brain_makes_no_agent() -> None:
    text = f"class Brain {{ constructor() {{ {LIST} {MAKE} }} }}\nfunction go() {{ new Brain(1); }}"
    assert layers(text) == NET


# ---- what is known there


def neurons(text: str, path: str = "net.js") -> Any:
    return [layer.get("num_neurons") for layer in layers(text, path)][1]


HIDDEN = "[{type:'input', out_sx:1, out_sy:1, out_depth:2}, {type:'fc', num_neurons:%s}, %s]"


def net(value: str) -> str:
    return f"net.makeLayers({HIDDEN % (value, END)});"


@pytest.mark.parametrize(
    "text",
    [
        f"var n = 6; function make() {{ {net('n')} }}",
        f"var N = 6; function make(n) {{ {net('n')} }} make(N);",
        f"function make(n) {{ {net('n')} }} make(6); make(6);",
        f"function make(n) {{ n = n || 6; {net('n')} }}",
        f"function make(options) {{ {net('options.n || 6')} }}",
        f"var options = {{n: 6}}; function make() {{ {net('options.n || 7')} }}",
        f"function make() {{ {net('n')} }} var n = 6;",
        f"function a() {{ var n = 5; return n; }} function b() {{ var n = 6; {net('n')} }}",
        f"function make(n) {{ {net('n')} }}\nmake(6);",
        f"class A {{ constructor(a, n) {{ {net('n')} }} }}\nnew A('x', 6);",
        f"class A {{ n = 6; make() {{ {net('this.n')} }} }}",
        f"class A {{ constructor() {{ this.n = 2*3; }} make() {{ {net('this.n')} }} }}",
        f"function A() {{ this.n = 6; }}\nA.prototype.make = function() {{ {net('this.n')} }};",
        f"function A() {{ var self = this; self.n = 6; self.make = () => {{ {net('self.n')} }}; }}",
        f"var words = 'abcdef'; function make() {{ {net('words.length')} }}",
        f"function make() {{ if (rows) {{ return 3; }} {net('6')} }}",
    ],
)
def test_values_are_known_from_around_a_net(text: str) -> None:
    assert neurons(text) == 6


def test_what_stands_behind_a_return_is_not_read() -> None:
    text = f"""
        function make(small) {{
          if (small) {{ return [{TWO}, {END}]; }}
          return [{TWO}, {TWO}, {END}];
        }}"""
    made = listing(text)
    assert data(made.layers) == NET
    assert told(made) == ["assumed-code", "assumed-code"]


def test_a_default_is_taken_and_told_of_where_calls_may_say_otherwise() -> None:
    assert told(listing(f"function make(n = 6) {{ {net('n')} }}")) == ["assumed-code"]
    assert not told(listing(f"function make(n = 6) {{ {net('n')} }} make();"))
    assert neurons(f"function make(n = 7) {{ {net('n')} }} make(6);") == 6


def test_a_template_is_filled_with_what_is_known() -> None:
    text = f"function make(act = 'relu') {{ {net('6, activation: `${act}`')} }} make();"
    assert layers(text)[1]["activation"] == "relu"


@pytest.mark.parametrize(
    "text",
    [
        f"function make(n) {{ {net('n')} }}",
        f"function make(n) {{ {net('n')} }} make(6); make(7);",
        f"function make(n) {{ {net('n')} }} make(6); sizes.forEach(make);",
        f"function make(n = 5) {{ {net('n')} }} make(6); make(7);",
        f"function make(options) {{ {net('options.n || 5')} }} make({{n: 6}});",
        f"function make(rows) {{ var n = rows[0].length; {net('n - 1')} }}",
        f"class A {{ constructor(o) {{ {net('o.hidden')} }} }}",
    ],
)
def test_what_a_function_is_given_is_not_guessed(text: str) -> None:
    assert slugs(text) == ["unread-argument"]


def test_a_value_that_lacks_is_told_of_once() -> None:
    text = f"function make() {{ {net('SIZE, bias_pref: SIZE*2')} }}"
    assert slugs(text) == ["undefined-variable"]


# ---- what is not read


@pytest.mark.parametrize(
    "code",
    [
        "for (i = 0; i < 3; i++) { layer_defs.push(x); }",
        "if (deep) { layer_defs.push(x); }",
        "sizes.forEach(n => layer_defs.push({type:'fc', num_neurons:n}));",
        "more();",
    ],
)
def test_code_inside_a_function_that_changes_the_layers_is_no_small_matter(code: str) -> None:
    text = f"function more() {{ layer_defs.push(x); }}\nfunction make() {{ {LIST} {code} {MAKE} }}"
    assert slugs(text) == ["unread-code"]


def test_a_method_that_changes_the_layers_is_no_small_matter() -> None:
    more = "more() { this.defs.push(x); }"
    begin = f"this.defs = [{TWO}, {END}];"
    make = "this.net.makeLayers(this.defs);"
    assert slugs(f"class A {{ {more} make() {{ {begin} this.more(); {make} }} }}") == [
        "unread-code"
    ]
    assert layers(f"class A {{ {more} make() {{ {begin} this.net.more(); {make} }} }}") == NET
    in_a_loop = f"{begin} while (x) {{ this.defs.push(x); }} {make}"
    assert slugs(f"function A() {{ {in_a_loop} }}") == ["unread-code"]
    of_others = f"{begin} while (x) {{ this.rows.push(x); this.n = 3; }} {make}"
    assert layers(f"function A() {{ {of_others} }}") == NET


def test_cases_of_a_switch_are_not_told_apart() -> None:
    text = f"switch (kind) {{ case 0: {LIST} break; case 1: {LIST} }}"
    assert slugs(text) == ["unread-code"]


@pytest.mark.parametrize(
    "code",
    [
        "function add(defs, n) { defs.push({type:'fc', num_neurons:n}); } add(layer_defs, 20);",
        "function set(n) { var a = layer_defs; a.push({type:'fc', num_neurons:n}); } set(20);",
        "for (const each of layer_defs) each.activation = 'tanh';",
        "for (const each of layer_defs) { if (each.type) { each.out_depth *= 2; } }",
        "layer_defs.map(each => { each.activation = 'tanh'; });",
        "layer_defs.filter(each => each.sx).forEach(function(each) { each.sx = 2; });",
        "Object.assign(layer_defs[0], {out_depth: 3});",
        "delete layer_defs[0].out_depth;",
        "if (wide) { delete layer_defs[0].out_depth; }",
        "deep || layer_defs.push({type:'fc', num_neurons:3});",
    ],
)
def test_no_change_of_the_layers_goes_unseen(code: str) -> None:
    text = f"{LIST} {code} {MAKE}"
    assert slugs(text) == ["unread-code"]
    assert slugs(f"function make() {{ {text} }}") == ["unread-code"]


def test_a_function_of_another_file_is_taken_to_leave_the_layers_alone() -> None:
    assert told(listing(f"{LIST} helper.widen(layer_defs); {MAKE}")) == ["assumed-code"]
    assert not told(listing(f"{LIST} console.log(layer_defs); {MAKE}"))
    assert not told(listing(f"function show(a) {{ draw(a); }} {LIST} show(layer_defs); {MAKE}"))


def test_variables_of_another_function_are_its_own() -> None:
    other = "function other(n) { var layer_defs = []; layer_defs.push(n); n = 3; }"
    assert layers(f"{other} function make() {{ other(); {LIST} {MAKE} }}") == NET


# ---- several nets


def test_the_first_of_several_nets_is_read() -> None:
    other = LIST.replace("num_classes:3", "num_classes:7")
    made = listing(
        f"it('a', function() {{ {LIST} {MAKE} }});\nit('b', () => {{ {other} {MAKE} }});"
    )
    assert data(made.layers) == NET
    assert told(made) == ["assumed-code"]
    assert not made.is_alone


def test_a_second_net_is_left_out_with_its_trainer() -> None:
    text = f"""
        var a = new convnetjs.Net(), b = new convnetjs.Net();
        a.makeLayers([{TWO}, {END}]);
        b.makeLayers([{TWO}, {TWO}]);
        var s = new convnetjs.Trainer(b, {{batch_size: 3}});
        var t = new convnetjs.Trainer(a, {{batch_size: 10}});
    """
    made = listing(text)
    assert data(made.layers) == NET
    assert [data(trainer) for trainer in made.trainers] == [{"batch_size": 10}]
    assert told(made) == ["second-net"]


# ---- texts that a page runs

LINES = ("layer_defs = [];", f"layer_defs.push({TWO});", f"layer_defs.push({END});", TRAIN)


@pytest.mark.parametrize(
    "text",
    [
        'var t = "' + "\\n\\\n".join(LINES) + '\\n\\\n";\n$(function() { eval(t); });',
        "var t = " + " +\n  ".join(f'"{line}\\n"' for line in LINES) + ";",
        "var t = [" + ",\n".join(f'"{line}"' for line in LINES) + "].join('\\n');",
        "exports.init = `" + "\n".join(LINES) + "`;",
        'var t = "' + "\\n".join(LINES).replace("'", '\\"') + '";',
    ],
)
def test_a_net_can_stand_in_a_text(text: str) -> None:
    made = listing(text)
    assert data(made.layers) == NET
    assert [data(trainer) for trainer in made.trainers] == [OPTIONS]
    first = made.layers.items[0]
    assert text[first.start : first.end].replace('\\"', "'") == TWO


def test_a_text_that_is_put_together_is_not_read() -> None:
    text = f"var t = \"layer_defs = [{TWO}, {{type:'softmax', num_classes:\" + n + '}}]';"
    assert slugs(text) == ["no-layer-defs"]
    assert slugs(f"var t = `layer_defs = [{TWO}, {{type:'softmax', num_classes:${{n}}}}]`;") == [
        "no-layer-defs"
    ]


# ---- whatever stands in a file

TEXTS = [*STYLES.values(), 'var t = "' + "\\n\\\n".join(LINES) + '";']
CUTS = re.compile(r"\s+|'[^'\n]*'|\w+|.", re.S)
WORDS = [
    "{",
    "}",
    "(",
    ")",
    "=>",
    "function",
    "this",
    ".",
    "return",
    "class",
    "if",
    "for",
    '"',
    "n",
]


@settings(max_examples=200)
@given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 4), st.booleans())
def test_any_damage_to_code_around_a_net(text: str, seed: int, damages: int, typed: bool) -> None:
    path = "net.ts" if typed else "net.js"
    made = reading(Source(path, damaged(CUTS.findall(text), WORDS, seed, damages)))
    assert made or isinstance(made, Listing)


@pytest.mark.parametrize(
    "text",
    [
        "function a() {" * 20_000 + LIST,
        "function a() {" * 20_000 + LIST + "}" * 20_000,
        "class A { a() {" * 5_000 + LIST + "} }" * 5_000,
        f"function a(n = 1) {{ {LIST} }}\n" * 3_000,
        f"x(() => {{ {LIST} }});\n" * 3_000,
        "if (a) {" * 1_000 + LIST + "}" * 1_000,
        "function a(n) { b = n; }\n" * 5_000 + f"function m() {{ {'a(b);' * 10_000} {LIST} }}",
        "function a(" + "n, " * 30_000 + f") {{ {LIST} }}",
        "t = [" + f'"{TWO}layer_defs", ' * 5_000 + "]",
        "t = " + f'"layer_defs = [{TWO}];" + ' * 5_000 + "n",
        "var a = b" + ".c" * 50_000 + f"; function m() {{ {LIST} }}",
        "".join(f"var a{n} = a{n - 1};" for n in range(8_000)) + f"function m() {{ {LIST} }}",
    ],
    ids=range(12),
)
def test_deep_and_long_code_ends_soon(text: str) -> None:
    made = reading(Source("net.js", text))
    assert made or isinstance(made, Listing)


# ---- TypeScript, pages and modules

TYPED = f"""
    import * as convnet from 'convnetjs';
    export interface Options {{ width: number; height?: number; }}
    type Rows = number[][];
    declare var deepqlearn: any;
    export class Net {{
      public width: number = 6;
      private readonly net!: convnet.Net;
      private trainer?: convnet.Trainer;
      constructor(private readonly rows: Rows, n?: number);
      constructor(private readonly rows: Rows) {{ this.build(rows as any); }}
      get area(): number {{ return this.width; }}
      private build(rows: Rows, done?: (error: Error | null) => void): Promise<void> {{
        const n: number = this.width;
        const opt: {{ a: number }} = {{a: 1}};
        let defs: Array<convnet.LayerDefinition> = [{TWO}];
        defs.push({{type: 'fc', num_neurons: n}} as any);
        defs.push({END});
        this.net!.makeLayers(defs as convnet.LayerDefinition[]);
        this.trainer = new convnet.SGDTrainer(this.net, {{batch_size: 4}});
      }}
    }}
"""


def test_types_say_nothing_of_a_net() -> None:
    made = listing(TYPED, "net.ts")
    assert [layer["type"] for layer in data(made.layers)] == ["input", "fc", "softmax"]
    assert data(made.layers)[1]["num_neurons"] == 6
    assert [data(trainer) for trainer in made.trainers] == [{"batch_size": 4}]


@pytest.mark.parametrize("name", ["net.js", "net.mjs", "net.cjs", "net.ts", "net.html", "NET.HTM"])
def test_files_of_pages_and_modules_are_read(name: str, tmp_path: Any) -> None:
    text = f"function make() {{ {LIST} }}"
    path = tmp_path / name
    path.write_text(f"<!doctype html>\n<script>{text}</script>" if "htm" in name.lower() else text)
    assert isinstance(read_file(str(path)), Spec)


def test_what_modules_bring_in_may_be_convnetjs() -> None:
    for line in (
        "import { Net, Trainer } from './convnet';",
        "const { Net, Trainer } = require('convnetjs');",
        "import * as cnn from 'convnetjs'; var Net = cnn.Net, Trainer = cnn.Trainer;",
    ):
        text = f"{line}\nvar net = new Net(); {LIST} {MAKE} {TRAIN.replace('convnetjs.', '')}"
        assert [data(each) for each in listing(text).trainers] == [OPTIONS]
    text = f"import * as cnn from 'convnetjs';\n{LIST} {MAKE} {TRAIN.replace('convnetjs', 'cnn')}"
    assert [data(each) for each in listing(text).trainers] == [OPTIONS]


def test_a_class_of_ones_own_is_no_trainer() -> None:
    text = f"class Trainer {{ run() {{ }} }}\n{LIST} {MAKE}\nnew Trainer(net, rows).run();"
    assert not listing(text).trainers


def test_json_may_call_the_list_a_network() -> None:
    text = '{"network": [{"type": "input", "out_depth": 2}, {"type": "fc", "num_neurons": 3}]}'
    made = read_source(Source("net.json", text), ".json")
    assert [problem.slug for problem in made] == ["absent-loss"] if isinstance(made, list) else made
