"""Two versions of a network beside each other: asked for by moderators, read by workers."""

import json
from datetime import timedelta

import pytest
from celery import current_app
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from recognition import readers, tasks
from recognition.engine.errors import EngineError, ErrorCode
from recognition.models import Correction, ModelVersion, NetworkComparison, Submission
from recognition.services import comparisons, processing, review, trials, upkeep
from tests.recognition.drawings import FakeReader, field, reading


@pytest.fixture
def versions(db) -> list[ModelVersion]:
    ModelVersion.objects.all().delete()
    return [
        ModelVersion.objects.create(
            name=name, version=version, sha256="0" * 64, is_active=version == "1"
        )
        for name, version in (("digits", "1"), ("digits", "2"), ("strings", "1"), ("micr", "1"))
    ]


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What workers were asked to compare; one was just heard of."""
    ids: list[str] = []

    def send_task(name: str, args: list[str]) -> None:
        assert name == tasks.compare.name
        ids.extend(args)

    monkeypatch.setattr(current_app, "send_task", send_task)
    processing.give_sign("test")
    return ids


@pytest.fixture
def drawings(submit, work, individual) -> list[Submission]:
    found = [submit(individual) for _ in range(3)]
    work()
    return found


@pytest.fixture
def two_readers(drawings, monkeypatch) -> None:
    """Version 1 sees a 7 in every drawing, version 2 a 7, a 1 and no image at all, in turn."""

    class Unsure(FakeReader):
        answers = iter(
            [
                reading("digit"),
                reading("digit", fields=(field("digit", value="1", confidence=0.6),)),
                EngineError(ErrorCode.UNREADABLE_IMAGE, "No image."),
            ]
        )

        def read(self, *given: object, **named: object) -> object:
            self.answer = next(self.answers)
            return super().read(*given, **named)

    made = {"1": FakeReader(), "2": Unsure()}
    monkeypatch.setattr(readers, "build_reader", lambda versions: made[versions["digits"]])


def _choose(client, first: ModelVersion, second: ModelVersion):
    return client.post("/models/compare/", {"first": first.pk, "second": second.pk}, follow=True)


@pytest.mark.usefixtures("two_readers")
def test_a_moderator_sees_both_readings_where_they_differ_first(
    client_of, moderator, individual, versions, drawings, asked
) -> None:
    seven, one, _nothing = drawings[::-1]  # the latest is read first
    review.correct(one.latest_run.readings.get(), "1", individual)
    review.correct(seven.latest_run.readings.get(), "7", individual)
    client = client_of(moderator)
    assert "/models/compare/" in client.get("/models/").text

    waiting = _choose(client, *versions[:2])
    assert 'hx-trigger="every 1s"' in waiting.text
    tasks.compare(*asked)

    page = client.get(waiting.redirect_chain[-1][0])
    summary = page.context["summary"]
    assert [row.differs for row in summary.rows] == [True, True, False]
    assert summary.rows[0].submission == one
    assert [row.second["value"] for row in summary.rows] == ["1", "", "7"]
    assert (summary.agreement.count, summary.agreement.of) == (1, 3)
    assert (summary.first_right.count, summary.second_right.count) == (1, 2)
    assert "33.3 % (6.1 to 79.2), 1 of 3" in page.text
    assert "hx-trigger" not in page.text
    assert client.get(page.request["PATH_INFO"], headers={"HX-Request": "true"}).text.startswith(
        '\n<div id="comparison"'
    )


@pytest.mark.usefixtures("two_readers")
def test_nothing_that_was_read_is_changed(versions, drawings, moderator, asked) -> None:
    before = list(Submission.objects.order_by("pk").values())
    begun = comparisons.begin(*versions[:2], by=moderator)
    trials.compare(begun.pk)
    assert list(Submission.objects.order_by("pk").values()) == before
    assert not Correction.objects.exists()


@pytest.mark.usefixtures("two_readers")
def test_the_chosen_version_is_activated_from_the_comparison(
    client_of, moderator, versions, drawings, asked
) -> None:
    client = client_of(moderator)
    address = _choose(client, *versions[:2]).redirect_chain[-1][0]
    tasks.compare(*asked)
    page = client.get(address).text
    assert "version 1 reads now" in page
    assert f'name="_selected_action" value="{versions[1].pk}"' in page
    admin = reverse("admin:recognition_modelversion_changelist")
    client.post(admin, {"action": "activate", "_selected_action": [versions[1].pk]})
    assert "version 2 reads now" in client.get(address).text


def test_the_admin_leads_there(client_of, moderator, versions, asked) -> None:
    client = client_of(moderator)
    admin = reverse("admin:recognition_modelversion_changelist")
    change = reverse("admin:recognition_modelversion_change", args=[versions[1].pk])
    assert f"/models/compare/?with={versions[1].pk}" in client.get(change).text
    chosen = {"action": "compare", "_selected_action": [one.pk for one in versions[:2]]}
    answer = client.post(admin, chosen)
    begun = NetworkComparison.objects.get()
    assert answer.headers["Location"] == f"/models/compare/{begun.pk}/"
    assert (begun.first, begun.second) == ("1", "2")
    alone = chosen | {"_selected_action": [versions[0].pk]}
    assert "Choose two versions" in client.post(admin, alone, follow=True).text


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [(0, 0, "two different versions"), (0, 2, "of the same network"), (0, 3, "Select a valid")],
)
def test_what_cannot_be_compared_is_said(
    client_of, moderator, versions, asked, first, second, said
) -> None:
    assert said in _choose(client_of(moderator), versions[first], versions[second]).text
    assert not asked


def test_nobody_else_may_compare(client_of, individual, official, versions) -> None:
    begun = NetworkComparison.objects.create(
        network="digits", first="1", second="2", made_by=official
    )
    for person in (individual, official):
        for address in ("/models/compare/", f"/models/compare/{begun.pk}/"):
            assert client_of(person).get(address).status_code == 403
        assert "/models/compare/" not in client_of(person).get("/models/").text


def test_without_workers_there_is_nothing_to_wait_for(
    client_of, moderator, versions, monkeypatch
) -> None:
    assert "No worker is answering" in _choose(client_of(moderator), *versions[:2]).text

    def send_task(*_: object, **__: object) -> None:
        raise OperationalError

    processing.give_sign("test")
    monkeypatch.setattr(current_app, "send_task", send_task)
    assert "No worker is answering" in _choose(client_of(moderator), *versions[:2]).text
    assert not NetworkComparison.objects.exists()


def test_a_network_that_cannot_be_loaded_is_said(
    client_of, moderator, versions, asked, monkeypatch
) -> None:
    def build_reader(_versions: dict[str, str]) -> None:
        raise EngineError(ErrorCode.MODEL_MISSING, "It is not there.")

    monkeypatch.setattr(readers, "build_reader", build_reader)
    client = client_of(moderator)
    address = _choose(client, *versions[:2]).redirect_chain[-1][0]
    tasks.compare(*asked)
    assert "It is not there." in client.get(address).text


def test_what_workers_never_finished_is_not_waited_for(client_of, moderator, versions) -> None:
    begun = NetworkComparison.objects.create(
        network="digits", first="1", second="2", made_by=moderator,
        made_at=timezone.now() - timedelta(minutes=5),
    )  # fmt: skip
    page = client_of(moderator).get(f"/models/compare/{begun.pk}/").text
    assert "never finished" in page
    assert "hx-trigger" not in page


@pytest.mark.usefixtures("two_readers")
def test_what_is_deleted_is_shown_no_longer_and_answers_are_not_kept(
    versions, drawings, moderator, asked
) -> None:
    begun = comparisons.begin(*versions[:2], by=moderator)
    trials.compare(begun.pk)
    begun.refresh_from_db()
    assert json.dumps(begun.answers)
    Submission.objects.filter(pk=drawings[0].pk).update(deleted_at=timezone.now())
    assert len(comparisons.summarise(begun).rows) == 2
    NetworkComparison.objects.update(made_at=timezone.now() - comparisons.KEPT)
    upkeep.purge()
    assert not NetworkComparison.objects.exists()


@pytest.mark.usefixtures("two_readers")
def test_an_image_that_is_gone_is_left_out(versions, drawings, moderator, asked) -> None:
    drawings[0].image.delete(save=False)
    begun = comparisons.begin(*versions[:2], by=moderator)
    trials.compare(begun.pk)
    begun.refresh_from_db()
    assert len(begun.answers) == 2
