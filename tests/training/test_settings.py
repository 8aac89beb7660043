"""What a `train` section means, and everything that can be wrong with one."""

import dataclasses

import pytest

from netc.diag import render_concise
from netc.ir import build
from netc.training import Settings, check_settings, settings_for_training, write_settings
from netc.training.data import SOURCES
from netc.training.optimizers import Adam, Sgd
from netc.training.schedules import Cosine, Fixed, Multistep, Step
from tests.training.small import NET, section, spec_of


def slugs(problems):
    return [p.slug for p in problems]


def problems_of(*lines):
    return check_settings(section(*lines), None).problems


def test_every_setting_is_bound():
    bound = check_settings(
        section(
            "data digits()",
            "batch 32",
            "steps 500",
            "optimizer sgd(0.05, momentum: 0.9, decay: 5e-4)",
            "schedule step(every: 2, factor: 0.1)",
            "seed 7",
            "test_every 3",
            "statistics population",
        ),
        None,
    )
    assert bound.problems == ()
    assert bound.settings == Settings(
        data=SOURCES["digits"](),
        batch=32,
        steps=500,
        optimizer=Sgd(rate=0.05, momentum=0.9, decay=5e-4),
        schedule=Step(every=2, factor=0.1),
        seed=7,
        test_every=3,
        statistics="population",
    )


def test_without_settings_the_defaults_hold():
    settings = check_settings(section(), None).settings
    assert settings == Settings()
    assert settings.optimizer == Sgd(rate=0.01, momentum=0.9)
    assert (settings.batch, settings.epochs, settings.steps) == (64, 10, None)
    assert settings.schedule == Fixed()


def test_a_kind_may_be_a_bare_word():
    settings = check_settings(section("optimizer adam", "schedule cosine"), None).settings
    assert (settings.optimizer, settings.schedule) == (Adam(), Cosine())


def test_lists_are_taken():
    settings = check_settings(section("schedule multistep([4, 6.5])"), None).settings
    assert settings.schedule == Multistep(at=(4.0, 6.5))


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ("batch 0", "bad-value"),
        ("batch 1.5", "wrong-kind"),
        ('batch "big"', "wrong-kind"),
        ("epochs -1", "bad-value"),
        ("seed -1", "bad-value"),
        ("optimizer sgd(momentum: 1)", "bad-value"),
        ("optimizer sgd(momentun: 0.9)", "unknown-option"),
        ("optimizer sdg(0.1)", "unknown-kind"),
        ("optimizer 3", "unknown-kind"),
        ("schedule step(factor: 0.1)", "missing-option"),
        ("schedule steps(2)", "unknown-kind"),
        ("data digit()", "unknown-kind"),
        ("batches 3", "unknown-setting"),
    ],
)
def test_a_wrong_setting_is_one_problem(line, slug):
    assert slugs(problems_of(line)) == [slug]


def test_unknown_setting_suggests_the_nearest():
    (problem,) = problems_of("optimiser sgd(0.1)")
    diagnostic = problem.diagnostic()
    assert render_concise(diagnostic).endswith("there is no setting `optimiser`")
    assert "`optimizer`" in diagnostic.helps[0]
    assert diagnostic.fixes[0].text == "optimizer"


def test_all_problems_of_a_section_are_told():
    found = problems_of("batch 0", "batch 3", "epoch 2", "optimizer sdg")
    assert sorted(slugs(found)) == [
        "bad-value",
        "repeated-setting",
        "unknown-kind",
        "unknown-setting",
    ]


def test_epochs_and_steps_clash():
    assert slugs(problems_of("epochs 2", "steps 100")) == ["clashing-settings"]


def test_a_net_without_loss_cannot_be_trained():
    text = "net a {\n input x [4]\n output dense(3)\n}\ntrain {\n data digits()\n}\n"
    spec = spec_of(text)
    assert slugs(check_settings(spec, build(spec).graph).problems) == ["no-loss"]


def test_missing_data_are_a_problem_only_for_training():
    spec = section("batch 3")
    assert check_settings(spec, None).problems == ()
    bound = settings_for_training(spec, None)
    assert bound.settings is None
    assert slugs(bound.problems) == ["missing-setting"]
    assert "digits" in bound.problems[0].diagnostic().helps[0]


def test_a_missing_section_is_a_problem_only_for_training():
    spec = spec_of(NET)
    assert check_settings(spec, None).problems == ()
    (problem,) = settings_for_training(spec, None).problems
    assert "`train {`" in problem.diagnostic().helps[0]


def test_checking_does_not_look_for_data():
    assert problems_of('data csv("nowhere.csv")') == ()


@pytest.mark.parametrize(
    "lines",
    [
        ("data digits(crop: 7)", "optimizer rmsprop(0.01)", "schedule multistep([1, 2.5])"),
        ('data csv("a b.csv")', "steps 10", "optimizer sgd(1e-5, nesterov: true)"),
        ("data digits()", "optimizer adagrad", "schedule inv(0.1, unit: step)"),
    ],
)
def test_written_settings_are_read_as_the_same(lines):
    settings = check_settings(section(*lines), None).settings
    again = check_settings(spec_of(NET + write_settings(settings)), None)
    assert again.problems == ()
    assert dataclasses.replace(again.settings, places={}) == dataclasses.replace(
        settings, places={}
    )


def test_length_given_from_outside_wins():
    settings = Settings(epochs=3)
    assert settings.with_length(steps=5).steps == 5
    assert settings.with_length(steps=5).with_length(epochs=2).steps is None
    assert settings.with_length() == settings
