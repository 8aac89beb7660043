"""The things that a search varies, each with what may be drawn for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from netc import spec
from netc.diag import Level, Problem, Source, Span, quoted
from netc.ir import Graph, advise, build, meant
from netc.options import options_of
from netc.searching.places import LayerPlace, Place, Step, argument_of, set_at
from netc.searching.problems import UnknownVariable, VariedTwice
from netc.searching.ranges import Among, Choices, Range
from netc.searching.variables import Variable, is_hidden, variables_of, written_optimizer
from netc.searching.wanted import FORMS, Wanted
from netc.summary import memory_of
from netc.training import Settings, check_settings

_WIDTHS = "widths"
"""What stands for the widths of all hidden layers."""

_LEAST_RATE, _MOST_RATE = 1e-4, 1.0
_LEAST_DECAY, _MOST_DECAY = 1e-6, 1e-2
"""What is tried where the file says 0: neighbourhoods of 0 have no orders of magnitude."""

_NOWHERE = Span(Source("", ""), 0, 0)


@dataclass(frozen=True)
class Knob:
    """A thing that is varied. `span` is where that was asked for, if it was."""

    name: str
    place: Place
    among: Among
    written: spec.Value | None
    span: Span

    @property
    def text(self) -> str:
        """The knob as it is asked for."""
        return f"{self.name}={self.among}"


class Knobs:
    """The knobs of a net, made from what is wanted."""

    def __init__(self, whole: spec.Spec, graph: Graph, settings: Settings) -> None:
        self._whole, self._graph, self._settings = whole, graph, settings
        self._variables = variables_of(whole, graph, settings)
        self._usual: Step = written_optimizer(settings)
        self._problems: list[Problem] = []

    def make(self, wanted: Sequence[Wanted]) -> tuple[Knob, ...] | list[Problem]:
        """The knobs that are wanted; the usual ones where none are."""
        self._problems = []
        if not wanted:
            return (*self._usual_widths(), *self._usual_settings())
        knobs: dict[str, Knob] = {}
        for one in wanted:
            for knob in self._of(one):
                if knob.name in knobs:
                    self._problems.append(VariedTwice(one.place, name=knob.name))
                knobs[knob.name] = knob
        return self._problems or tuple(knobs.values())

    def with_values(
        self, knobs: Sequence[Knob], values: Sequence[spec.Value]
    ) -> spec.Spec | list[Problem]:
        """The net with a value for each knob, or what is wrong with it then."""
        made = set_at(self._whole, [knob.place for knob in knobs], values, self._usual)
        if not isinstance(made, spec.Spec):
            return made
        built = build(made, memory=memory_of)
        errors = [p for p in built.problems if p.level is Level.ERROR]
        if not errors:
            errors += check_settings(made, built.graph).problems
        return errors or made

    # ---- what is asked for

    def _of(self, wanted: Wanted) -> list[Knob]:
        if wanted.name == _WIDTHS and _WIDTHS not in self._variables:
            return self._of_widths(wanted)
        variable = self._variables.get(wanted.name)
        if variable is None:
            self._problems.append(_unknown(wanted, self._variables))
            return []
        if variable.kind == "length":
            way_out = "`--epochs` or `--steps` say how long each of them is"
            self._problems.append(wanted.refused("all trials are of one length", way_out))
            return []
        among = self._among(wanted, variable)
        knob = among and Knob(variable.name, variable.place, among, variable.written, wanted.values)
        return [knob] if knob and self._is_possible(knob) else []

    def _of_widths(self, wanted: Wanted) -> list[Knob]:
        usual = self._usual_widths()
        if not usual:
            reason = "no hidden layer has a width of its own"
            self._problems.append(wanted.refused(reason, "name a parameter of the net instead"))
        if wanted.among is None:
            return [replace(knob, span=wanted.values) for knob in usual]
        return [k for knob in usual for k in self._of(replace(wanted, name=knob.name))]

    def _among(self, wanted: Wanted, variable: Variable) -> Among | None:
        """What is drawn for a variable; None where that is wrong."""
        among = wanted.among or self._usual_range(variable)
        if among is None:
            self._problems.append(wanted.refused("it has no usual range", FORMS))
        if not isinstance(among, Range):
            return among
        if variable.kind == "words":
            reason, way_out = "it is no number", "write several values with commas between"
            self._problems.append(wanted.refused(reason, way_out))
            return None
        if variable.kind == "whole" and not among.grain:
            self._problems.append(wanted.refused("it takes whole numbers"))
            return None
        if variable.kind == "real":
            return replace(among, grain=0)
        if variable.layer is not None:
            return self._grained(wanted, variable, among)
        return among

    def _grained(self, wanted: Wanted, variable: Variable, among: Range) -> Range | None:
        """A range of widths that the net can have."""
        grain = self._grain(variable)
        if not grain:
            way_out = "what must be alike is written as a parameter of the net, which can be varied"
            self._problems.append(wanted.refused("no width but this one fits", way_out))
            return None
        if among.high // grain * grain < among.low:
            self._problems.append(wanted.refused(f"it must be a multiple of {grain}"))
            return None
        return replace(among, grain=grain)

    def _is_possible(self, knob: Knob) -> bool:
        """Whether both ends, or all choices, can be, as far as they are wrong by themselves: what
        is only wrong beside other values is drawn anew."""
        ends = knob.among.ends if isinstance(knob.among, Range) else ()
        values: Sequence[spec.Value] = [
            spec.Number(int(e) if knob.among.grain else e, knob.span)  # type: ignore[union-attr]
            for e in ends
        ]
        if isinstance(knob.among, Choices):
            values = knob.among.values
        for value in values:
            made = self.with_values([knob], [value])
            wrong = [] if isinstance(made, spec.Spec) else made
            asked = [p for p in wrong if p.span and p.span.source is knob.span.source]
            if asked:
                self._problems += asked
                return False
        return True

    # ---- what is usual

    def _usual_widths(self) -> list[Knob]:
        """Widths of hidden layers that are written as a number, and could be another one."""
        found: dict[int, Knob] = {}
        for variable in self._variables.values():
            place, written = variable.place, variable.written
            if not isinstance(place, LayerPlace) or variable.layer is None:
                continue
            argument = argument_of(place.step, place.kind, place.option)
            is_plain = argument is not None and isinstance(argument.value, spec.Number)
            if (
                id(place.step) in found
                or not is_plain
                or not is_hidden(self._graph, variable.layer)
            ):
                continue
            if self._grain(variable):
                among = self._usual_range(variable)
                assert among is not None
                found[id(place.step)] = Knob(variable.name, place, among, written, _NOWHERE)
        return list(found.values())

    def _usual_settings(self) -> list[Knob]:
        found = []
        # Where the usual rate is 1, the rule finds rates by itself.
        usual = options_of(type(self._settings.optimizer))["rate"].default
        for name in ("rate", "decay") if usual != 1 else ("decay",):
            variable = self._variables[f"optimizer.{name}"]
            among = self._usual_range(variable)
            assert among is not None
            found.append(Knob(variable.name, variable.place, among, variable.written, _NOWHERE))
        return found

    def _usual_range(self, variable: Variable) -> Range | None:
        if variable.place is self._variables["optimizer.rate"].place:
            return _around(self._settings.optimizer.rate, _LEAST_RATE, _MOST_RATE)
        if variable.place is self._variables["optimizer.decay"].place:
            return _around(self._settings.optimizer.decay, _LEAST_DECAY, _MOST_DECAY)
        if variable.layer is None or not isinstance(variable.written, spec.Number):
            return None
        grain, width = self._grain(variable) or 1, int(variable.written.value)
        least = max(-(-(width // 4) // grain), 1) * grain
        return Range(least, 2 * width, is_log=True, grain=grain)

    def _grain(self, variable: Variable) -> int:
        """The smallest part of a width by which it can be changed; 0 where it must be what it is.

        Where channels go in groups, only multiples of their number fit.
        """
        assert isinstance(variable.written, spec.Number)
        width = int(variable.written.value)
        if not any(self._fits(variable, near) for near in (width + 1, width - 1, 2 * width)):
            return 0  # A network may have a hundred of these, so what is plain is found soon.
        for grain in (g for g in range(1, min(width, 16) + 1) if width % g == 0):
            if any(self._fits(variable, width + step) for step in (grain, -grain)):
                return grain
        return 0

    def _fits(self, variable: Variable, width: int) -> bool:
        """Whether the net is right with this width."""
        if width < 1:
            return False
        number = spec.Number(width, _NOWHERE)
        made = set_at(self._whole, [variable.place], [number], self._usual)
        return isinstance(made, spec.Spec) and build(made, memory=memory_of).graph is not None


def _around(value: float, least: float, most: float) -> Range:
    """Two orders of magnitude around a value; where it is 0, others."""
    low, high = (value / 10, value * 10) if value else (least, most)
    return Range(float(f"{low:.3g}"), float(f"{high:.3g}"), is_log=True)


def _unknown(wanted: Wanted, known: Mapping[str, Variable]) -> UnknownVariable:
    names = [_WIDTHS, *known]
    near = meant(wanted.name, names)
    own = [name for name, v in known.items() if v.name == name and v.kind != "length"]
    # What people look for goes first: rates and the layers' names before all settings.
    first = [name for name in own if name in ("rate", "decay") or known[name].layer is not None]
    others = [name for name in own if name not in first and "." not in name]
    otherwise = f"there are {quoted([_WIDTHS, *first, *others][:12])}"
    advice = advise(wanted.name, near, otherwise)
    return UnknownVariable(wanted.place, near=near, advice=advice, name=wanted.name)
