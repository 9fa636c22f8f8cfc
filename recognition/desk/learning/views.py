"""How well the machine reads, by the word of people: for moderators, and for a bank's checkers."""

from collections.abc import Callable
from functools import wraps
from tempfile import TemporaryFile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import AuthenticatedRequest
from recognition.access import person
from recognition.desk import access, policies
from recognition.desk.learning import exports, figures, plots
from recognition.desk.learning.figures import Figures
from recognition.desk.learning.forms import SelectionForm
from recognition.desk.models import Judgement

MOST_LABELS = 2000  # for all of them there is `manage.py export_corrections`

View = Callable[..., HttpResponse]


def for_those_who_answer(view: View) -> View:
    """Let in who answers for how well it reads; for everyone else there is no such page."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not access.may_see_accuracy(person(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_those_who_answer
@require_safe
def accuracy(request: AuthenticatedRequest) -> HttpResponse:
    """Plot confidences and thresholds against what people found, and check the promise."""
    form, found, bank = _select(request)
    policy = policies.policy_of(bank)
    setting = found.at(float(policy.max_error) / 100)
    context = {"form": form, "figures": found, "policy": policy, "setting": setting}
    if found.audited.total:
        low, high = found.audited.interval
        context |= {"audit_keeps": high <= setting.promise, "audit_breaks": low > setting.promise}
    if found.levels:
        context |= {
            "reliability": plots.reliability(found.levels),
            "risk": plots.risk(found.thresholds, found.audited, setting),
        }
    return render(request, "desk/accuracy/curves.html", context)


@for_those_who_answer
@require_safe
def errors(request: AuthenticatedRequest) -> HttpResponse:
    """Tell where the machine errs."""
    form, found, _bank = _select(request)
    return render(request, "desk/accuracy/errors.html", {"form": form, "figures": found})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: AuthenticatedRequest) -> HttpResponseBase:
    """Let moderators take away a labelled set of what people said."""
    if not request.user.is_staff:
        raise Http404
    may_have_accounts = request.user.has_perm(exports.ACCOUNT_NUMBERS)
    if request.method != "POST":
        context = {"most": MOST_LABELS, "may_have_accounts": may_have_accounts}
        return render(request, "desk/accuracy/export.html", context)
    with_accounts = may_have_accounts and "account_numbers" in request.POST
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    exports.write_zip(file, by=request.user, most=MOST_LABELS, with_accounts=with_accounts)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename="corrections.zip", content_type="application/zip"
    )


def _select(request: AuthenticatedRequest) -> tuple[SelectionForm, Figures, str]:
    """Return the form, what it selects, and whose policy that is held against."""
    judgements = access.judgements_of(request.user)
    banks = None
    if request.user.is_staff:
        known = Judgement.objects.order_by("bank").exclude(bank="").values_list("bank", flat=True)
        banks = list(known.distinct())
    form = SelectionForm(request.GET, banks=banks)
    form.is_valid()  # what makes no sense is said beside it, and selects nothing
    chosen = form.cleaned_data
    bank = chosen.get("bank") or ("" if request.user.is_staff else access.bank_of(request.user))
    found = figures.selected(
        judgements,
        bank=chosen.get("bank", ""),
        since=chosen.get("since"),
        until=chosen.get("until"),
        basis=chosen.get("basis", ""),
    )
    return form, found, bank
