"""Scripts of ConvNetJS read by themselves, without what their layers mean."""

from netc.diag import Problem, Source
from netc.formats.convnetjs import Listing
from netc.formats.convnetjs.script import read_script


def reading(source: Source) -> Listing | list[Problem]:
    """What a script says, or else what is wrong with its text."""
    made = read_script(source)
    return [*made.errors] if isinstance(made, Listing) and made.errors else made
