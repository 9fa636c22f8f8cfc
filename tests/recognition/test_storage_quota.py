"""What one person's files may take: more is refused in a sentence, and nothing of it is stored."""

import io

import pytest
from django.urls import reverse

from recognition.models import Kind, Submission
from recognition.services import intake, quota, upkeep
from tests.recognition.drawings import drawing, encoded, reading, upload

URL = "/api/v1/submissions"


def test_every_byte_of_an_item_is_counted(submit, work, individual, stored_files) -> None:
    submit(individual)
    work()
    assert quota.used_by(individual) == sum(path.stat().st_size for path in stored_files())


def test_the_parts_of_a_turned_image_are_counted_with_what_was_sent(
    submit, work, reader, official, stored_files, django_capture_on_commit_callbacks
) -> None:
    reader.answer = reading(Kind.CHEQUE, quarter_turns=1)
    one = submit(official, Kind.CHEQUE)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            work()
        assert quota.used_by(official) == sum(path.stat().st_size for path in stored_files())
        intake.rerun(one)


def test_more_than_has_room_is_refused_and_not_stored(
    submit, individual, api_of, client_of, settings, stored_files
) -> None:
    submit(individual)
    settings.STORAGE_QUOTA_BYTES = quota.used_by(individual) + 10
    before = stored_files()
    answer = api_of(individual).post(URL, {"file": [upload()], "kind": "digit"})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "storage_full"
    assert "Your storage is full" in answer.json()["error"]["message"]
    page = client_of(individual).post(reverse("submit"), {"images": [upload()], "kind": "digit"})
    assert "Your storage is full" in page.text
    assert stored_files() == before
    assert Submission.objects.count() == 1


def test_of_a_document_all_pages_have_room_or_none(individual, api_of, settings) -> None:
    stream = io.BytesIO()
    drawing().save(stream, "TIFF", save_all=True, append_images=[drawing(), drawing()])
    one_page = len(encoded(drawing()))
    settings.STORAGE_QUOTA_BYTES = 2 * one_page
    api = api_of(individual)
    answer = api.post(URL, {"file": [upload(stream.getvalue(), "a.tif")], "kind": "digit"})
    assert answer.json()["error"]["code"] == "storage_full"
    assert not Submission.objects.exists()


def test_room_is_free_again_once_the_deleted_is_purged(
    submit, work, individual, settings, django_capture_on_commit_callbacks
) -> None:
    one = submit(individual)
    work()
    settings.STORAGE_QUOTA_BYTES = quota.used_by(individual)
    intake.delete(one)
    with pytest.raises(intake.RefusedUpload):
        quota.check_room(individual, 1)
    with django_capture_on_commit_callbacks(execute=True):
        upkeep.purge_one(one)
    quota.check_room(individual, 1)


def test_everybody_has_room_of_their_own_and_staff_as_much_as_is_set(
    submit, individual, make_user, official, settings
) -> None:
    submit(individual)
    settings.STORAGE_QUOTA_BYTES = quota.used_by(individual)
    quota.check_room(make_user("other@example.org"), 1)
    quota.check_room(official, 10**12)
    settings.STORAGE_QUOTA_STAFF_BYTES = 1
    with pytest.raises(intake.RefusedUpload):
        quota.check_room(official, 2)
