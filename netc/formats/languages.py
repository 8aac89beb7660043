"""Every language at once, for who asks what can be wrong in any of them."""


def import_languages() -> None:
    """Import what reads each language: with it its kinds of problem are in the catalogue."""
    import netc.formats.convnetjs.script
    import netc.formats.json.parse  # noqa: F401
