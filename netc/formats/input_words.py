"""The words in which a file speaks of its inputs, for messages about what feeds them."""

from netc.spec import Spec
from netc.types import Tensor


class InputWords:
    """Those of netc's own languages."""

    def shown(self, type: Tensor) -> str:
        """What an input is, or what the data have for it."""
        return str(type)

    def declared(self, name: str, type: Tensor) -> str:
        """How the input is to be written for such data."""
        return f"declare it as `input {name} {type}`"

    def silence(self, wanted: Tensor, given: Tensor) -> str:
        """What another program does, without a word, with data that do not fit."""
        return ""


class ConvNetJSWords(InputWords):
    """Those of ConvNetJS, which counts the width first and the channels last."""

    def shown(self, type: Tensor) -> str:
        if type.classes is not None and not type.rank:
            return f"{type.classes} classes"
        return "x".join(map(str, _volume(type))) if _is_volume(type) else str(type)

    def declared(self, name: str, type: Tensor) -> str:
        if type.classes is not None:
            return f"set `num_classes` to {type.classes}"
        if not _is_volume(type):
            return ""
        wide, high, deep = _volume(type)
        return f"let the input layer have `out_sx:{wide}, out_sy:{high}, out_depth:{deep}`"

    def silence(self, wanted: Tensor, given: Tensor) -> str:
        if wanted.rank != 3 or given.rank != 3:
            return ""
        is_smaller = given.shape[1] < wanted.shape[1] or given.shape[2] < wanted.shape[2]
        return f"{_SILENCE}: {_SEES_ZEROS if is_smaller else _SEES_A_CORNER}"


def _is_volume(type: Tensor) -> bool:
    return type.classes is None and type.rank in (1, 3)


def _volume(type: Tensor) -> tuple[int, int, int]:
    """Width, height and depth."""
    deep, high, wide = type.shape if type.rank == 3 else (type.shape[0], 1, 1)
    return wide, high, deep


_SILENCE = "ConvNetJS takes images of any size without a word"
_SEES_A_CORNER = "it sees the corner of them that its windows reach, and nothing of the rest"
_SEES_ZEROS = "`conv` sees zeros where there is nothing more, and `fc` no number"


def input_words(whole: Spec) -> InputWords:
    """The words of the language that a net is written in."""
    is_convnetjs = whole.origin is not None and whole.origin.compat == "convnetjs"
    return ConvNetJSWords() if is_convnetjs else InputWords()
