"""A run that several files compare others with."""

import pytest

from tests.training.small import consume, ready


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """The folder and the events of a run that nobody stopped."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    return folder, consume(ready(folder))
