"""`--set NAME=VALUE`: settings given on the command line, with places of their own."""

from tests.cli.conftest import DIGITS, Run


def test_a_setting_can_be_changed_by_either_name(run: Run) -> None:
    run("check", DIGITS, "--set", "batch=16", "--set", "train.epochs=2")


def test_a_wrong_value_is_shown_as_it_was_given(run: Run) -> None:
    error = run("check", DIGITS, "--set", "batch=many", code=1).stderr
    assert " --> --set:1:7\n" in error
    assert "1 | batch=many\n  |       ^^^^" in error


def test_a_wrong_name_and_a_wrong_option_are_found(run: Run) -> None:
    error = run("check", DIGITS, "--set", "bach=3", "--set", "optimizer=sgd(rat: 1)", code=1).stderr
    assert "did you mean `batch`?" in error
    assert "--set:1:15" in error


def test_what_does_not_parse_keeps_its_place(run: Run) -> None:
    error = run("check", DIGITS, "--set", "schedule=step(2", code=1).stderr
    assert "--set:1:14" in error


def test_nothing_but_a_setting_gets_through(run: Run) -> None:
    run("check", DIGITS, "--set", "batch=3\nseed 4", code=2)
    run("check", DIGITS, "--set", "batch", code=2)
    run("check", DIGITS, "--set", "batch=3 } net b {", code=1)


def test_steps_stand_for_the_epochs_of_the_file(run: Run) -> None:
    run("check", DIGITS, "--set", "steps=3")
    error = run("check", DIGITS, "--set", "steps=3", "--set", "epochs=3", code=1).stderr
    assert "clashing-settings" in error


def test_a_file_without_a_train_section_can_be_given_one(run: Run) -> None:
    net = "net a {\n input image [1, 8, 8]\n output dense(3)\n}\n"
    error = run("check", "-", "--set", "batch=3", input=net, code=1).stderr
    assert "no-loss" in error
