"""Actions on many rows of the admin site: first a page of what they will do, then the deed.

The page is no guess: each row's service is run and taken back, so what it refuses is named before
anything is done. What changes between the page and the deed is refused then, and told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import model_ngettext
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

AT_ONCE = 100  # rows: a page that a person still reads, and a fraction of a second to try them
_SHOWN = 10  # of the refused, each in a message of its own

Row = TypeVar("Row", bound=models.Model)


class ReasonForm(forms.Form):
    """Why a moderator does it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 3, "cols": 80}),
    )


class NoReasonForm(forms.Form):
    """Nothing to say but that it is meant."""


@dataclass(frozen=True)
class Bulk(Generic[Row]):
    """What an action does to one row, and what it refuses.

    ``service`` gets the row and the reason, which is empty where ``form`` asks for none. It must
    do all it does in the database, or after the commit. ``refusals`` gives each exception its
    sentence; an empty one: the exception says it itself. ``needless`` says why there is nothing
    to do to a row, and is empty where there is. ``describe`` is what the page calls a row.
    """

    effect: str | Promise
    service: Callable[[Row, str], object]
    refusals: Mapping[type[Exception], str | Promise] = field(default_factory=dict)
    form: Callable[[Any], forms.Form] = NoReasonForm
    needless: Callable[[Row], str | Promise] = lambda _row: ""
    describe: Callable[[Row], str] = str


def preview_or_do(
    site: "admin.ModelAdmin[Row]", request: HttpRequest, rows: QuerySet[Row], bulk: Bulk[Row]
) -> TemplateResponse | None:
    """Show what an action will do; where that was confirmed, do it and tell what was done."""
    action = request.POST["action"]
    chosen = list(rows[: AT_ONCE + 1])
    if len(chosen) > AT_ONCE:
        text = _("Choose at most %(count)d at once.") % {"count": AT_ONCE}
        site.message_user(request, text, messages.ERROR)
        return None
    is_confirmed = "confirmed" in request.POST
    form = bulk.form(request.POST if is_confirmed else None)
    if is_confirmed and form.is_valid():
        _do(site, request, chosen, bulk, action, form.cleaned_data.get("reason", ""))
        return None
    tried = [(row.pk, bulk.describe(row), _why_not(bulk, row)) for row in chosen]
    included = [(pk, called) for pk, called, why_not in tried if not why_not]
    left_out = [(called, why_not) for _pk, called, why_not in tried if why_not]
    context = site.admin_site.each_context(request) | {
        "title": site.get_action(action)[2],  # type: ignore[index] # it is one of its own
        "opts": site.opts,
        "effect": bulk.effect,
        "included": included,
        "changed": model_ngettext(site.opts, len(included)),
        "left_out": left_out,
        "left": model_ngettext(site.opts, len(left_out)),
        "form": form,
        "action": action,
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/bulk.html", context)


def _why_not(bulk: Bulk[Row], row: Row) -> str:
    """Return why the action will leave a row out; empty where it will not."""
    with transaction.atomic():
        refusal = _refusal(bulk, row, _("a reason"))
        transaction.set_rollback(True)
    return refusal


def _refusal(bulk: Bulk[Row], row: Row, reason: str) -> str:
    """Do it, and return an empty text, or what kept it from being done."""
    needless = bulk.needless(row)
    if needless:
        return str(needless)
    try:
        bulk.service(row, reason)
    except tuple(bulk.refusals) as error:
        sentences = (text for kind, text in bulk.refusals.items() if isinstance(error, kind))
        return str(next(sentences) or error)
    return ""


def _do(
    site: "admin.ModelAdmin[Row]",
    request: HttpRequest,
    rows: Sequence[Row],
    bulk: Bulk[Row],
    action: str,
    reason: str,
) -> None:
    done, refused = 0, []
    for row in rows:
        why_not = _refusal(bulk, row, reason)
        if why_not:
            refused.append(f"{row}: {why_not}")
            continue
        site.log_change(request, row, f"{action}: {reason}" if reason else action)
        done += 1
    for text in refused[:_SHOWN]:
        site.message_user(request, text, messages.ERROR)
    gone = len(set(request.POST.getlist(ACTION_CHECKBOX_NAME))) - len(rows)
    left = max(gone, 0) + len(refused[_SHOWN:])
    if left:
        text = ngettext(
            "%(count)d more was left as it is: it changed meanwhile.",
            "%(count)d more were left as they are: they changed meanwhile.",
            left,
        )
        site.message_user(request, text % {"count": left}, messages.WARNING)
    if done:
        text = _("Done for %(count)d %(called)s.")
        called = model_ngettext(site.opts, done)
        site.message_user(request, text % {"count": done, "called": called}, messages.SUCCESS)
