"""What runs at one point of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from netc.ir import Node


@dataclass(frozen=True)
class Step:
    """One rule to call. `work` says which value each of its work arguments is bound to."""

    node: Node
    work: Mapping[str, str]
