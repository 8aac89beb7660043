"""`netc convert` to ConvNetJS: the JavaScript that makes a net, proven to be read as the same."""

from netc.cli.checked import Proven
from netc.cli.screen import say, stop
from netc.exchange import Script, is_read_as, write_script
from netc.types import Bug


def script_text(net: Proven) -> str:
    """The text of a net as `layer_defs`; a net that ConvNetJS has no words for ends the run."""
    made = write_script(net.graph, net.settings)
    if not isinstance(made, Script):
        stop(made)
    if not is_read_as(made.text, net.graph, net.settings):
        raise Bug("the converted text is read as another net")
    for note in made.notes:
        say(f"note: {note}")
    return made.text
