"""What can be wrong with a text before anyone asks what it means."""

from dataclasses import dataclass, field

from netc.diag import Fix, Label, Problem, Repeated, Span


@dataclass(frozen=True)
class UnreadableFile(Problem):
    """The file cannot be opened.

    It is not there, is a folder, or may not be read. netc stops with exit code 3.

    Example:
        netc check nowhere.net
    """

    slug = "unreadable-file"
    missing = True
    message = "cannot read `{path}`: {reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class NotText(Problem):
    """A spec is UTF-8 text, and this file is something else.

    The place is that of the first byte that cannot be text. A picture, an archive or a file of
    weights given by mistake ends here, as does a text in another encoding.
    """

    slug = "not-text"
    message = "`{path}` is not a UTF-8 text: byte {offset} is 0x{byte:02x}"
    help = "{way_out}"

    path: str
    offset: int
    byte: int
    way_out: str


@dataclass(frozen=True)
class FileTooLarge(Problem):
    """A spec is far smaller than this file.

    netc reads specs of up to 16 MB, so that a wrong file cannot take the machine with it.
    """

    slug = "file-too-large"
    message = "`{path}` is larger than a spec may be ({limit} MB)"
    help = "is this file data or weights? those are named in the `train` section or by an option"

    path: str
    limit: int


@dataclass(frozen=True)
class UnknownFormat(Problem):
    """netc tells the format of a file by its ending, and does not know this one.

    Specs end in `.net`, in `.json` where they are in the JSON form, or in `.js` where they are
    `layer_defs` of ConvNetJS; modules (`.mjs`, `.cjs`), TypeScript (`.ts`) and web pages (`.html`)
    are read like those.

    Example:
        netc check lenet.txt
    """

    slug = "unknown-format"
    message = "`{path}` does not end like a file that netc reads"
    help = "a spec ends in {known}"

    path: str
    known: str


@dataclass(frozen=True)
class Syntax(Problem):
    """What a problem of syntax can say beside its own: that it is not the last one."""

    note = "{more}"

    more: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class SyntaxProblem(Syntax):
    """The text does not follow the grammar of the language at this place.

    The label says what was found and what could stand there.

    Example:
        net a {
            input x [4]
            dense 10
        }
    """

    slug = "syntax-error"
    message = "{what}"
    label = "{expected}"
    help = "{way_out}"

    what: str
    expected: str
    way_out: str = ""
    rewriting: Fix | None = None

    def fixes(self) -> tuple[Fix, ...]:
        return (self.rewriting,) if self.rewriting else ()


@dataclass(frozen=True)
class UnclosedBracket(Syntax):
    """A bracket is opened and never closed.

    The first place is the bracket, the second where the text could not go on without its end.

    Example:
        net a {
            input x [4
            dense(10)
        }
    """

    slug = "unclosed-bracket"
    message = "this `{bracket}` is never closed"
    label = "opened here"
    help = "write the missing `{closing}`"

    bracket: str
    closing: str
    seen: Span

    def others(self) -> tuple[Label, ...]:
        return (Label(self.seen, f"no `{self.closing}` up to here"),)


@dataclass(frozen=True)
class UnclosedText(Syntax):
    """A text in quotes must end on the line it starts on.

    Example:
        net a {
            input x [4]
        }
        train {
            data csv("points.csv)
        }
    """

    slug = "unclosed-text"
    message = "this text has no closing quote"
    label = "starts here"
    help = "end it with `{quote}` on the same line"

    quote: str = '"'


@dataclass(frozen=True)
class TooDeep(Problem):
    """Brackets may lie in each other at most 50 deep, and operations at most 150.

    A long sum counts as well, as each `+` takes all before it.
    """

    slug = "too-deep"
    message = "{what} nested more than {limit} deep"
    label = "one too many"
    help = "{way_out}"

    limit: int
    what: str = "brackets are"
    way_out: str = ""


@dataclass(frozen=True)
class NoNet(Problem):
    """A spec describes one network, in a `net` section.

    Example:
        train {
            batch 64
        }
    """

    slug = "no-net"
    message = "there is no `net` section in this file"
    label = "expected {form}"
    help = "{way_out}"

    form: str = "`net NAME { ... }`"
    way_out: str = "start with `net my_net {` and the line `input x [28]`"


@dataclass(frozen=True)
class SecondSection(Repeated):
    """A file holds one `net` and at most one `train` section.

    Example:
        net a {
            input x [4]
        }
        net b {
            input x [4]
        }
    """

    slug = "second-section"
    message = "this file has a second `{kind}` section"
    label = "the second one"
    help = "keep one, and put the other into a file of its own"
    first_label = "the first one"

    kind: str
