"""The submitting page, as a browser without JavaScript uses it."""

import pytest
from django.urls import reverse

from recognition.models import Kind, Source, Submission
from tests.recognition.drawings import upload

PAGE = "/submit/"


def test_one_image_leads_to_its_reading(client_of, individual):
    client = client_of(individual)
    answer = client.post(PAGE, {"kind": Kind.DIGIT, "images": upload(name="seven.png")})
    submission = Submission.objects.get()
    assert answer.headers["Location"] == reverse("submission", args=[submission.pk])
    assert (submission.owner, submission.source) == (individual, Source.UPLOAD)
    assert "seven.png" in client.get(answer.headers["Location"]).text


def test_each_of_several_files_has_an_outcome(client_of, individual):
    client = client_of(individual)
    twice = upload(name="good.png")
    client.post(PAGE, {"kind": Kind.NUMBER, "images": twice})
    twice.seek(0)
    files = [
        twice,
        upload(name="new.png"),
        upload(b"<html>", "page.png"),
        upload(b"", "nothing.png"),
    ]
    answer = client.post(PAGE, {"kind": Kind.NUMBER, "images": files})
    assert answer.status_code == 200
    for said in ("sent before", "taken", "This is no image", "The file is empty"):
        assert said in answer.text
    assert Submission.objects.count() == 2


def test_a_file_name_is_shown_as_text(client_of, individual):
    files = [upload(b"no image", "<script>alert(1)<b>.png"), upload(b"", "x.png")]
    answer = client_of(individual).post(PAGE, {"kind": Kind.DIGIT, "images": files})
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("sent", [{}, {"kind": "digit"}, {"kind": "portrait"}])
def test_what_is_missing_is_said_at_its_field(client_of, individual, sent):
    answer = client_of(individual).post(PAGE, sent)
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert not Submission.objects.exists()


def test_only_officials_are_offered_cheques(client_of, individual, official):
    assert 'value="cheque"' not in client_of(individual).get(PAGE).text
    assert 'value="cheque"' in client_of(official).get(PAGE).text
    refused = client_of(individual).post(PAGE, {"kind": Kind.CHEQUE, "images": upload()})
    assert "errorlist" in refused.text
    assert not Submission.objects.exists()


def test_nobody_submits_without_logging_in(client):
    assert client.get(PAGE).headers["Location"].startswith("/account/login/")
