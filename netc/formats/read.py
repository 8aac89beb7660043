"""A file, or a text, turned into a spec by whatever its format is."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from netc.diag import Problem, Source, Span, did_you_mean, nearest, quoted, refusal
from netc.formats.net import parse as parse_net
from netc.formats.problems import FileTooLarge, NoNet, NotText, UnknownFormat, UnreadableFile
from netc.formats.use import UseWithoutFile, bad_path, resolve
from netc.spec import Library, Spec

LARGEST = 16 * 1000 * 1000
"""Bytes a spec may have."""

_LARGEST_WITH_WEIGHTS = 256 * 1000 * 1000
_WITH_WEIGHTS = re.compile(rb'"layer_type"\s*:')
_HEAD = 10_000
"""Where a saved network of ConvNetJS, which has its weights in it, is known by."""


def _parse_json(source: Source) -> Spec | Library | list[Problem]:
    from netc.formats.json.parse import parse

    return parse(source)


def _parse_js(source: Source) -> Spec | Library | list[Problem]:
    if source.text.lstrip().startswith("{"):  # no script, but what one has saved
        return _parse_json(source)
    from netc.formats.convnetjs import parse

    return parse(source)


_READERS: dict[str, Callable[[Source], Spec | Library | list[Problem]]] = {
    ".net": parse_net,
    ".json": _parse_json,
    ".js": _parse_js,
    ".mjs": _parse_js,
    ".cjs": _parse_js,
    ".ts": _parse_js,
    ".html": _parse_js,
    ".htm": _parse_js,
}
_LIKE_JS = re.compile(r"\blayer[_ ]?defs\b|\bconvnetjs\s*\.|\bdeepqlearn\.")
_LIKE_NET = re.compile(r"^\s*(?:net\s+\w|train\s*\{)", re.MULTILINE)


def read(path: str) -> Spec | list[Problem]:
    """Read a spec from a file, or from standard input where the path is `-`."""
    return _with_net(read_any(path))


def read_any(path: str) -> Spec | Library | list[Problem]:
    """Read a file that may have no net, only blocks for other files."""
    made = read_alone(path)
    if isinstance(made, list):
        return made
    return resolve(made, None if path == "-" else Path(path), _read_used, _READERS)


def read_source(source: Source, suffix: str = ".net") -> Spec | list[Problem]:
    """Read a spec from a text that is in memory already."""
    return _with_net(read_any_source(source, suffix))


def read_any_source(source: Source, suffix: str = ".net") -> Spec | Library | list[Problem]:
    """Read a text that may have no net, only blocks for other files.

    Its `use` lines begin at the folder of the file that the source is called by.
    """
    made = parse(source, suffix)
    if isinstance(made, list) or not made.uses:
        return made
    if not Path(source.path).is_file():
        return [bad_path(use.path) or UseWithoutFile(use.span) for use in made.uses]
    return resolve(made, Path(source.path), _read_used, _READERS)


def read_alone(path: str, shown: str | None = None) -> Spec | Library | list[Problem]:
    """Read a file, which may have no net, and none of the files it uses."""
    loaded = load(path, shown)
    if not isinstance(loaded, Source):
        return loaded
    suffix = Path(shown or path).suffix.lower()
    if path == "-":
        suffix = _suffix_of(loaded)
    if suffix not in _READERS:
        return [UnknownFormat(None, path=shown or path, known=quoted(_READERS))]
    return parse(loaded, suffix)


def parse(source: Source, suffix: str) -> Spec | Library | list[Problem]:
    """Read a text that may have no net, and no file that it uses."""
    return _READERS[suffix](source)


def _read_used(path: Path, shown: str) -> Spec | Library | list[Problem]:
    return read_alone(str(path), shown)


def _with_net(made: Spec | Library | list[Problem]) -> Spec | list[Problem]:
    if isinstance(made, Library) and not isinstance(made, Spec):
        return [no_net(made)]
    return made


def no_net(library: Library) -> Problem:
    """What is wrong with a file without a net where a net is needed."""
    place = _start(library.source)
    if library.source.is_json:
        way_out = 'add `"net": {"name": "my_net", "body": [{"input": "x", "shape": [28]}]}`'
        return NoNet(place, form="the key `net` in this object", way_out=way_out)
    if library.blocks and not library.train:
        name = Path(library.source.path).name
        return NoNet(place, way_out=f'give the file of a net that says `use "{name}"`')
    return NoNet(place)


def _start(source: Source) -> Span:
    """The first word of the text, or its first place when there is none."""
    text = source.text
    start = len(text) - len(text.lstrip())
    start = start if start < len(text) else 0
    return Span(source, start, start)


def load(path: str, shown: str | None = None) -> Source | list[Problem]:
    """The text of a file, if it is a text of bearable size; messages call it `shown`."""
    shown = shown or ("<stdin>" if path == "-" else path)
    try:
        data = _bytes(path)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        return [_unreadable(shown, error)]
    limit = _limit(data)
    if len(data) > limit:
        return [FileTooLarge(None, path=shown, limit=limit // 1_000_000)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [_not_text(shown, data, error.start)]
    return Source(shown, text)


def _suffix_of(source: Source) -> str:
    """The ending that a text without a name would have."""
    if source.is_json:
        return ".json"
    start = source.text[:10_000]
    return ".js" if _LIKE_JS.search(start) and not _LIKE_NET.search(start) else ".net"


def _bytes(path: str) -> bytes:
    if path == "-":
        return _bytes_of(sys.stdin.buffer)
    with Path(path).open("rb") as file:
        return _bytes_of(file)


def _bytes_of(file: BinaryIO) -> bytes:
    """What a file holds, with a byte too many where it is too large."""
    data = file.read(LARGEST + 1)
    rest = _limit(data) + 1 - len(data)
    return data + file.read(rest) if len(data) > LARGEST and rest > 0 else data


def _limit(data: bytes) -> int:
    return _LARGEST_WITH_WEIGHTS if _WITH_WEIGHTS.search(data[:_HEAD]) else LARGEST


def _not_text(path: str, data: bytes, offset: int) -> NotText:
    way_out = "save the file as UTF-8"
    if b"\0" in data[:1000]:
        way_out = "this looks like a picture, an archive or a file of weights, not like a spec"
    return NotText(None, path=path, offset=offset, byte=data[offset], way_out=way_out)


def _usual_ending(folder: Path) -> str:
    """That of the nets in a folder, as it seems."""
    try:
        there = {path.suffix for path in folder.iterdir()}
    except OSError:
        there = set()
    return next((ending for ending in (".net", ".js", ".json") if ending in there), ".net")


def _unreadable(path: str, error: OSError | ValueError) -> UnreadableFile:
    reason = refusal(error) if isinstance(error, OSError) else str(error)
    near = None
    if isinstance(error, IsADirectoryError):
        specs = Path(path) / f"*{_usual_ending(Path(path))}"
        return UnreadableFile(None, path=path, reason=reason, way_out=f"name its files: `{specs}`")
    if isinstance(error, FileNotFoundError) and Path(path).parent.is_dir():
        # Endings are the same in all names, and would make any two of them alike.
        siblings = {p.stem: str(p) for p in Path(path).parent.iterdir() if p.suffix in _READERS}
        near = nearest(Path(path).name.removesuffix(Path(path).suffix), siblings)
    way_out = did_you_mean(siblings[near] if near else None)
    return UnreadableFile(None, path=path, reason=reason, way_out=way_out)
