"""A file as its own lines see it: its blocks, and those of the files that it uses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netc import spec
from netc.diag import Label


@dataclass(frozen=True)
class Known:
    """A block that a file knows, and the `use` line that brought it in, None for its own."""

    block: spec.Block
    use: spec.Use | None = None


@dataclass(frozen=True)
class File:
    """A file of a spec. `via` leads to it from the file that was given."""

    library: spec.Library
    via: tuple[Label, ...] = ()
    is_main: bool = True

    @property
    def used(self) -> tuple[tuple[spec.Use, spec.Library], ...]:
        """The `use` lines with what they brought in."""
        return tuple(zip(self.library.uses, self.library.used, strict=False))

    def known(self) -> Iterator[Known]:
        """Every block that can be used here, in the order in which names are given away."""
        seen: set[int] = set()
        for use, library in self.used:
            if id(library) not in seen:
                yield from (Known(block, use) for block in library.blocks)
            seen.add(id(library))
        yield from (Known(block) for block in self.library.blocks)

    def blocks(self) -> Mapping[str, Known]:
        """The first block of each name."""
        found: dict[str, Known] = {}
        for known in self.known():
            found.setdefault(known.block.name.text, known)
        return found


def files_of(library: spec.Library) -> Iterator[File]:
    """The file that was given, and every file used, each once."""
    seen: set[int] = set()
    waiting = [File(library)]
    while waiting:
        file = waiting.pop(0)
        if id(file.library) in seen:
            continue
        seen.add(id(file.library))
        yield file
        for use, used in file.used:
            via = (Label(use.path.span, "used here"), *file.via)
            waiting.append(File(used, via, is_main=False))
