"""POST /api/v1/score, with a real Redis and a worker in the same process."""

import io

import numpy as np
import pytest
from celery import current_app

from recognition import readers, tasks
from recognition.services import processing
from tests.recognition.drawings import FakeScorer, drawing, encoded

URL = "/api/v1/score"


@pytest.fixture
def api(api_of, individual):
    return api_of(individual)


@pytest.fixture
def worker(db, redis, settings, monkeypatch) -> None:
    def send_task(name: str, args: list, expires: int) -> None:
        assert name == tasks.score.name
        assert expires
        processing.score(*args)

    settings.REDIS_URL = redis.url
    monkeypatch.setattr(current_app, "send_task", send_task)
    monkeypatch.setattr(readers, "_scorer", None)
    monkeypatch.setattr(readers, "build_scorer", lambda _versions: FakeScorer())
    processing.give_sign("test")


def _tensor(images: np.ndarray, datatype: str = "UINT8", **changed) -> dict:
    facts = {"name": "x", "shape": images.shape, "datatype": datatype, "data": images.tolist()}
    return {"inputs": [facts | changed]}


def _npy(array: np.ndarray, **options) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


IMAGES = np.stack([np.full((28, 28), grey, np.uint8) for grey in (0, 100, 200, 255)])


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    "body",
    [
        _tensor(IMAGES),
        _tensor(IMAGES[..., np.newaxis]),
        _tensor(IMAGES, data=IMAGES.ravel().tolist()),
        _tensor(IMAGES / 255, "FP32"),
    ],
    ids=["nested", "with a channel", "flat", "floats"],
)
def test_images_are_scored_in_the_form_that_model_servers_speak(api, body) -> None:
    response = api.post(URL, body | {"id": "mine"}, format="json")
    assert response.status_code == 200
    answer = response.json()
    assert (answer["id"], answer["model_name"], answer["model_version"]) == ("mine", "digits", "7")
    digits, probabilities = answer["outputs"]
    assert (digits["shape"], digits["data"]) == ([4], [0, 1, 2, -1])
    assert probabilities["shape"] == [4, 11]
    assert len(probabilities["data"]) == 44
    assert probabilities["data"][0] == 0.9


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("array", [IMAGES, (IMAGES / 255).astype(np.float32)])
def test_an_npy_array_is_scored(api, array) -> None:
    response = api.post(URL, _npy(array), content_type="application/x-npy")
    assert response.json()["outputs"][0]["data"] == [0, 1, 2, -1]


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"inputs": []}, "invalid"),
        (_tensor(IMAGES, "INT8"), "invalid"),
        (_tensor(IMAGES, shape=[28, 28]), "invalid"),
        (_tensor(IMAGES, shape=[4, 28, 27]), "bad_tensor"),
        (_tensor(IMAGES, data=[[1], [1, 2]]), "bad_tensor"),
        (_tensor(IMAGES, data="text"), "bad_tensor"),
        (_tensor(IMAGES, data={"a": 1}), "bad_tensor"),
        (_tensor(IMAGES, data=[None] * 3136), "bad_tensor"),
        (_tensor(IMAGES.astype(int) + 1), "bad_tensor"),
        (_tensor(IMAGES.astype(float) + 0.5), "bad_tensor"),
        (_tensor(IMAGES, "FP32"), "bad_tensor"),
        (_tensor(np.zeros((1, 4, 4), np.uint8)), "bad_tensor"),
        (_tensor(np.zeros((1001, 8, 8), np.uint8)), "too_many_images"),
    ],
)
def test_what_is_no_batch_of_images_is_refused(api, body, code) -> None:
    response = api.post(URL, body, format="json")
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY",
        encoded(drawing()),
        _npy(np.array([{"a": 1}], dtype=object), allow_pickle=True),
        _npy(IMAGES)[:-1],
    ],
)
def test_what_is_no_array_is_refused_and_no_pickle_is_opened(api, data) -> None:
    response = api.post(URL, data, content_type="application/x-npy")
    assert response.status_code == 400
    assert response.json()["error"]["code"] in {"parse_error", "invalid"}


def test_without_a_worker_it_says_so_at_once(api) -> None:
    response = api.post(URL, _tensor(IMAGES), format="json")
    assert (response.status_code, response.json()["error"]["code"]) == (503, "no_worker")


@pytest.mark.parametrize(
    ("address", "size"), [(URL, 17 * 2**20), ("/api/v1/submissions/x/corrections", 3 * 2**20)]
)
def test_a_body_beyond_the_limit_is_not_read(api, address, size, submit, individual) -> None:
    address = address.replace("/x/", f"/{submit(individual).pk}/")
    response = api.post(address, b" " * size, content_type="application/json")
    assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")


def test_strangers_score_nothing(client) -> None:
    assert client.post(URL, _tensor(IMAGES), content_type="application/json").status_code == 401
