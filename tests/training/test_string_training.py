"""Training the string network: it learns, goes on where it stopped, and ships what is loaded."""

import numpy as np
import pytest
from tensorflow import keras

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.ctc import BLANK
from recognition.engine.line import HEIGHT, STRIDE
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.weights import find_weights
from recognition.training.strings.batches import pack
from recognition.training.strings.network import build
from recognition.training.strings.publish import publish
from recognition.training.strings.synthesis import Sample
from recognition.training.strings.train import Trainer, blended, steps_done

# TensorFlow's own variables lack NumPy 2's keyword; nothing of ours can change that.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture
def batch():
    """Four crops with one stroke each, and an empty one."""
    samples = []
    for place in (8, 16, 24, 32):
        image = np.full((HEIGHT, 48), 220, np.uint8)
        image[4:28, place : place + 3] = 30
        samples.append(Sample(image, "1"))
    return pack([*samples, Sample(np.full((HEIGHT, 48), 220, np.uint8), "")], 64)


def test_it_learns_and_goes_on_and_ships(tmp_path, batch):
    keras.utils.set_random_seed(1)  # a start whose loss lies beyond what counts learns nothing
    trainer = Trainer(tmp_path / "work", rate=3e-3)
    losses = [trainer.learn(batch, 0.9) for _ in range(12)]
    assert losses[-1] < losses[0] / 2
    trainer.save()
    assert steps_done(tmp_path / "work") == 12

    again = Trainer(tmp_path / "work", rate=3e-3)
    assert (again.step, again.strings) == (12, 60)
    assert again.learn(batch, 0.9) < losses[0] / 2

    folder = publish(again, tmp_path / "models", "7")
    assert (folder / "card.json").exists()
    session = LiteRtSession(find_weights(tmp_path / "models", "strings").path)
    for width in (64, 160):
        scores = session.run(np.zeros((2, HEIGHT, width, 1), np.float32))
        assert scores.shape == (2, width // STRIDE, BLANK + 1)
    blank = np.full((HEIGHT, 80), 220, np.uint8)
    assert StringReader(session).read(blank, Grammar.NUMBER).raw_text is not None


def test_a_widened_network_reads_as_the_narrow_one_did(tmp_path):
    narrow = build((8, 8, 16, 16))
    np.savez(tmp_path / "mean.npz", *narrow.get_weights())
    wide = Trainer(tmp_path / "wide", rate=1e-3, narrow=tmp_path).model
    crop = np.random.default_rng(1).random((1, HEIGHT, 64, 1), np.float32)
    np.testing.assert_allclose(narrow(crop).numpy(), wide(crop).numpy(), atol=1e-5)
    assert wide.count_params() > narrow.count_params()


def test_earlier_trainings_are_mixed_in_by_their_shares(tmp_path):
    np.savez(tmp_path / "mean.npz", np.full(3, 8.0, np.float32), np.zeros(2, np.float32))
    mixed = blended([np.zeros(3, np.float32), np.full(2, 4.0, np.float32)], [(tmp_path, 0.25)])
    assert [value.tolist() for value in mixed] == [[2.0] * 3, [3.0] * 2]
