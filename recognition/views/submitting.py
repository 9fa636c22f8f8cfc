"""Submit images through the page."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthenticatedRequest
from recognition.forms import SubmitForm
from recognition.models import Kind, Source
from recognition.services import intake
from recognition.views.addresses import ANY_ID


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: AuthenticatedRequest) -> HttpResponse:
    """Show the form; take what was sent with it, and say what became of each file.

    With JavaScript the page sends its files one by one to the API instead.
    """
    sent = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = SubmitForm(**sent, user=request.user)
    outcomes: list[intake.Outcome] = []
    if form.is_valid():
        outcomes = intake.submit(
            owner=request.user,
            uploads=form.cleaned_data["images"],
            kind=Kind(form.cleaned_data["kind"]),
            source=Source.UPLOAD,
        )
        if len(outcomes) == 1 and outcomes[0].submission is not None:
            return redirect("submission", outcomes[0].submission.pk)
    context = {
        "form": form,
        "outcomes": outcomes,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "any_id": ANY_ID,
    }
    return render(request, "recognition/submit.html", context)
