import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netc.training.data.bind import bind
from netc.training.data.examples import Dataset, Examples, Field, hold_out, order
from netc.types import Tensor

RNG = np.random.default_rng
IMAGES = RNG(0).integers(0, 256, (50, 2, 7, 9), dtype=np.uint8)


def engine_array(*shape, dtype=np.float32):
    """A batch as the engine keeps it: logical (n, ...), the batch innermost in memory."""
    return np.moveaxis(np.full((*shape[1:], shape[0]), np.nan, dtype), -1, 0)


def fill(field, indices, *, training, seed=0, dtype=np.float32):
    out = engine_array(len(indices), *field.shape, dtype=dtype)
    Examples({"x": field}).fill(np.array(indices), {"x": out}, RNG(seed), training=training)
    return out


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_become_value_minus_mean_times_scale(dtype):
    out = fill(Field(IMAGES, mean=100, scale=0.25), [3, 1], training=True, dtype=dtype)
    np.testing.assert_allclose(out, (IMAGES[[3, 1]].astype(float) - 100) / 4, rtol=1e-6)


def test_a_large_mean_takes_no_digits_away():
    values = (1e6 + RNG(0).normal(size=(5, 3))).astype(np.float32)
    out = fill(Field(values, mean=1e6, scale=0.1), range(5), training=True)
    np.testing.assert_allclose(out, (values.astype(float) - 1e6) / 10, rtol=1e-6)


def test_a_crop_for_testing_is_of_the_middle():
    out = fill(Field(IMAGES, crop=4), [5, 0], training=False)
    np.testing.assert_array_equal(out, IMAGES[[5, 0], :, 1:5, 2:6])


def test_crops_for_training_are_drawn_from_every_place():
    out = fill(Field(IMAGES, crop=4), [7] * 600, training=True)
    whole = np.lib.stride_tricks.sliding_window_view(IMAGES[7], (4, 4), axis=(1, 2))
    crops = {whole[:, y, x].tobytes() for y in range(4) for x in range(6)}
    assert {one.astype(np.uint8).tobytes() for one in out} == crops
    assert len(crops) == 24


def test_an_image_and_its_mask_are_cropped_at_one_place():
    arrays = {"image": engine_array(9, 2, 4, 4), "mask": engine_array(9, 2, 4, 4)}
    fields = {"image": Field(IMAGES, crop=4), "mask": Field(IMAGES, scale=2, crop=4)}
    Examples(fields).fill(np.arange(9), arrays, RNG(1), training=True)
    np.testing.assert_array_equal(arrays["mask"], 2 * arrays["image"])


def test_every_other_image_is_mirrored_while_training_and_none_for_testing():
    field = Field(IMAGES, mirror=True)
    out = fill(field, [7] * 400, training=True)
    turned = [(one == IMAGES[7, ..., ::-1]).all() for one in out]
    straight = [(one == IMAGES[7]).all() for one in out]
    assert all(a != b for a, b in zip(turned, straight, strict=True))
    assert 150 < sum(turned) < 250
    np.testing.assert_array_equal(fill(field, [7, 3], training=False), IMAGES[[7, 3]])


def test_mirrors_are_drawn_apart_from_crops():
    out = fill(Field(IMAGES, crop=6, mirror=True), [7] * 300, training=True)
    whole = IMAGES[7], IMAGES[7, ..., ::-1]
    crops = {i[:, y : y + 6, x : x + 6].tobytes() for i in whole for y in (0, 1) for x in range(4)}
    assert {one.astype(np.uint8).tobytes() for one in out} == crops
    assert len(crops) == 16


def test_data_in_the_file_stay_as_they_are_when_mirrored():
    before = IMAGES.copy()
    fill(Field(IMAGES, mirror=True), range(50), training=True)
    np.testing.assert_array_equal(IMAGES, before)


def test_an_image_and_its_map_of_labels_are_mirrored_together():
    masks = Field(IMAGES[:, :1, :, :].copy(), classes=256, mirror=True)
    arrays = {"mask": np.empty((50, 1, 7, 9), np.int64), "image": engine_array(50, 2, 7, 9)}
    fields = {"mask": masks, "image": Field(IMAGES, mirror=True)}
    Examples(fields).fill(np.arange(50), arrays, RNG(1), training=True)
    np.testing.assert_array_equal(arrays["mask"], arrays["image"][:, :1])
    assert (arrays["image"] != IMAGES).any()


def test_crops_draw_the_same_with_mirrors_and_without():
    plain, mirrored = (
        fill(Field(IMAGES, crop=4, mirror=mirror), range(50), training=True, seed=5)
        for mirror in (False, True)
    )
    same = [
        (a == b).all() or (a == b[..., ::-1]).all() for a, b in zip(plain, mirrored, strict=True)
    ]
    assert all(same)


def test_the_same_generator_gives_the_same_batch():
    first, again, other = (
        fill(Field(IMAGES, crop=3), range(20), training=True, seed=seed) for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_labels_become_whole_numbers_of_the_engine():
    out = np.empty(3, np.int64)
    field = Field(np.array([7, 8, 9], np.uint8), classes=10)
    Examples({"y": field}).fill(np.array([2, 0, 1]), {"y": out}, RNG(0), training=True)
    assert out.tolist() == [9, 7, 8]


@given(count=st.integers(1, 300), seed=st.integers(0, 2**32), epoch=st.integers(0, 1000))
def test_an_order_has_every_example_once_and_follows_from_its_arguments(count, seed, epoch):
    found = order(count, seed, epoch)
    assert sorted(found) == list(range(count))
    assert (found == order(count, seed, epoch)).all()


def test_epochs_and_seeds_have_different_orders():
    orders = {order(100, seed, epoch).tobytes() for seed in range(5) for epoch in range(5)}
    assert len(orders) == 25


@given(count=st.integers(1, 500), part=st.floats(0, 0.99))
def test_holding_out_parts_the_examples(count, part):
    train, test = hold_out(Examples({"x": Field(np.arange(count))}), part)
    both = [set(half.fields["x"].data.tolist()) for half in (train, test)]
    assert both[0] | both[1] == set(range(count))
    assert not both[0] & both[1]
    assert len(test) == min(round(count * part), count - 1)


def test_holding_out_follows_no_pattern_of_the_order():
    _, test = hold_out(Examples({"x": Field(np.arange(1000) % 10)}), 0.2)
    counts = np.bincount(test.fields["x"].data, minlength=10)
    assert counts.min() >= 10


def test_the_held_out_part_is_the_same_in_every_version():
    _, test = hold_out(Examples({"x": Field(np.arange(20))}), 0.25)
    # the five lowest of splitmix64(1) to splitmix64(20), worked out apart in Python integers
    assert test.fields["x"].data.tolist() == [2, 4, 6, 8, 18]


CLASS = Tensor((), "i64", classes=4)


def dataset(names=("a", "b", "c", "d"), **fields):
    whole = Examples({n: Field(a, classes=c) for n, (a, c) in fields.items()})
    return Dataset("ours", whole, whole, names)


IMAGE_AND_LABEL = dataset(image=(IMAGES, None), label=(np.arange(50) % 4, 4))


def test_inputs_take_the_fields_of_their_names():
    data = dataset(a=(np.ones((3, 2)), None), b=(np.zeros((3, 2)), None))
    bound = bind(data, {"b": Tensor((2,)), "a": Tensor((2,))})
    assert not bound.train.fields["b"].data.any()
    assert bound.test.fields["a"].data.all()


def test_inputs_of_other_names_take_features_and_labels():
    bound = bind(IMAGE_AND_LABEL, {"kind": CLASS, "pixels": Tensor((2, 7, 9))})
    assert set(bound.train.fields) == {"kind", "pixels"}
    assert bound.train.fields["kind"].classes == 4


def test_fields_nobody_takes_are_left_out():
    assert set(bind(IMAGE_AND_LABEL, {"x": Tensor((2, 7, 9))}).train.fields) == {"x"}


def test_sides_of_one_may_differ():
    data = dataset(x=(IMAGES[:, 0], None), target=(np.ones((50, 1)), None))
    bound = bind(data, {"x": Tensor((1, 7, 9)), "target": Tensor(())})
    assert bound.train.fields["x"].shape == (1, 7, 9)
    assert bound.train.fields["target"].shape == ()


@pytest.mark.parametrize(
    ("inputs", "message", "help"),
    [
        (
            {"image": (2, 5, 5)},
            "is [2, 5, 5], but ours gives [2, 7, 9]",
            "give the data the option `crop: 5`, or declare it as `input image [2, 7, 9]`",
        ),
        (
            {"image": (2, 8, 8)},
            "is [2, 8, 8]",
            "give the data the options `pad: 1` and `crop: 8`, "
            "or declare it as `input image [2, 7, 9]`",
        ),
        (
            {"image": (126,)},
            "is [126], but ours gives [2, 7, 9]",
            "declare it as `input image [2, 7, 9]`",
        ),
        (
            {"label": (4,)},
            "is [4], but ours gives class(4)",
            "declare it as `input label class(4)`",
        ),
        ({"x": (2, 7, 9), "z": (3,)}, "ours has nothing for input `z`", ""),
    ],
)
def test_what_does_not_fit_is_told_with_both_shapes(inputs, message, help):
    (problem,) = bind(IMAGE_AND_LABEL, {n: Tensor(shape) for n, shape in inputs.items()})
    shown = problem.diagnostic()
    assert message in shown.message
    assert list(shown.helps) == ([help] if help else [])


@pytest.mark.parametrize(
    ("array", "help"),
    [
        (np.eye(4, dtype=np.float32), "save the class numbers: `label.argmax(axis=1)`"),
        (np.ones(4, np.float32), "save `label` as int64"),
    ],
)
def test_labels_that_are_no_class_numbers_are_told_how_to_be(array, help):
    data = dataset(label=(array, None))
    (problem,) = bind(data, {"label": CLASS})
    assert help in problem.way_out


def test_images_with_the_channels_last_are_told_how_to_have_them_first():
    data = dataset(image=(IMAGES.transpose(0, 2, 3, 1)[..., :1], None))
    for wanted in (Tensor((3, 7, 9)), Tensor((2, 7, 9))):
        (problem,) = bind(data, {"image": wanted})
        assert problem.way_out == "channels come first: save `image.transpose(0, 3, 1, 2)`"


def test_a_grey_image_is_not_taken_for_a_sequence_of_its_rows():
    data = dataset(image=(IMAGES[:, :1], None))
    (problem,) = bind(data, {"image": Tensor((7, 9))})
    assert problem.diagnostic().helps == ("declare it as `input image [1, 7, 9]`",)


def test_every_problem_is_told():
    wrong = {"image": Tensor((2, 5, 5)), "label": Tensor((), "i64", classes=3)}
    assert [p.input for p in bind(IMAGE_AND_LABEL, wrong)] == ["image", "label"]


@pytest.mark.parametrize(("classes", "fits"), [(3, False), (4, True), (5, False)])
def test_named_classes_must_be_as_many_as_the_input_has(classes, fits):
    bound = bind(IMAGE_AND_LABEL, {"label": Tensor((), "i64", classes=classes)})
    assert isinstance(bound, Dataset) == fits


@pytest.mark.parametrize(("classes", "fits"), [(3, False), (4, True), (5, True)])
def test_unnamed_classes_may_be_fewer_than_the_input_has(classes, fits):
    data = dataset((), label=(np.arange(50) % 4, 4))
    bound = bind(data, {"label": Tensor((), "i64", classes=classes)})
    assert isinstance(bound, Dataset) == fits


MASKS = np.arange(50 * 7 * 9).reshape(50, 7, 9) % 5


@pytest.mark.parametrize("dtype", [np.int64, np.uint8])
def test_whole_numbers_are_a_map_of_labels_where_one_is_wanted(dtype):
    data = dataset((), photo=(IMAGES, None), mask=(MASKS.astype(dtype), None))
    wanted = {"truth": Tensor((7, 9), "i64", classes=5), "image": Tensor((2, 7, 9))}
    bound = bind(data, wanted)
    assert bound.train.fields["truth"].classes == 5
    assert bound.train.fields["image"].data is IMAGES
    out = np.empty((2, 7, 9), np.int64)
    bound.train.fill(np.array([4, 1]), {"truth": out}, RNG(0), training=True)
    np.testing.assert_array_equal(out, MASKS[[4, 1]])


def test_a_map_of_labels_takes_the_field_like_it_before_single_labels():
    data = dataset((), label=(np.arange(50) % 4, 4), mask=(MASKS, None))
    bound = bind(data, {"truth": Tensor((7, 9), "i64", classes=5), "kind": CLASS})
    assert bound.train.fields["truth"].shape == (7, 9)
    assert bound.train.fields["kind"].shape == ()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Tensor((7, 9), "i64", classes=3), ["labels up to 4", "`input truth class(5) [7, 9]`"]),
        (Tensor((9, 7), "i64", classes=5), ["gives class(5) [7, 9]", "class(5) [7, 9]`"]),
        (Tensor((7, 9)), []),
    ],
)
def test_maps_of_labels_that_do_not_fit_are_refused(wanted, words):
    found = bind(dataset((), truth=(MASKS, None)), {"truth": wanted})
    if not words:
        assert isinstance(found, Dataset)
        return
    text = str(found[0].diagnostic())
    assert all(word in text for word in words), text
