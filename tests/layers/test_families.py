"""Every layer type has its place in the manual."""

from netc.layers import REGISTRY, families


def test_every_layer_type_is_in_one_family():
    found = [kind.name for kinds in families().values() for kind in kinds]
    assert sorted(found) == sorted(REGISTRY)


def test_no_family_is_empty():
    assert all(families().values())
