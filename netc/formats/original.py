"""A net as the program it comes from computes it, mistakes included."""

from dataclasses import dataclass

from netc.diag import Problem
from netc.spec import Name, Setting, Spec, Text

WORD = "compat"
"""What asks for it, in the place of a parameter of the net."""


@dataclass(frozen=True)
class NoCompat(Problem):
    """`compat` asks for the numbers of the program that a file comes from, and this is not one.

    Files of ConvNetJS know `compat: convnetjs`. In a `.net` file the layers and optimizers that
    can compute as another program does have an option `compat` of their own.

    Example:
        netc check lenet.net --set compat=convnetjs
    """

    slug = "no-compat"
    message = "{program} does not come from `{name}`"
    help = "{way_out}"

    name: str
    program: str
    way_out: str


def as_original(spec: Spec, setting: Setting) -> Spec | list[Problem]:
    """The net with the numbers of its own program; `setting` names the program."""
    value = setting.value
    given = value.text if isinstance(value, Name) else ""
    given = value.value if isinstance(value, Text) else given
    origin = spec.origin
    if origin is None or origin.original is None:
        way_out = "in a `.net` file, set `compat` on the layers and the optimizer that have it"
        if spec.source.is_json:
            way_out = way_out.replace(".net", ".json")
        return [NoCompat(value.span, name=given, program="this net", way_out=way_out)]
    if given != origin.compat:
        program, way_out = f"a net of {origin.program}", f"it knows `{WORD}={origin.compat}`"
        return [NoCompat(value.span, name=given, program=program, way_out=way_out)]
    return origin.original
