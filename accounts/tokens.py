"""Issue, recognise and revoke API tokens."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import demo
from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import ApiToken, User

PREFIX = "hdr_"  # lets secret scanners recognise a key that got into a repository
MAX_TOKENS = 20
MAX_LIFETIME = timedelta(days=365)
LAST_USED_PRECISION = timedelta(minutes=1)  # one write a minute, not one a request


class TooManyTokensError(Exception):
    """The person holds as many tokens as anyone may."""


@transaction.atomic
def issue_token(*, owner: User, name: str, lifetime: timedelta) -> tuple[ApiToken, str]:
    """Store a token and return it with its key, which nobody can ask for again.

    Raises:
        TooManyTokensError: the owner has ``MAX_TOKENS`` already.
        ValueError: a lifetime that is not above zero and up to ``MAX_LIFETIME``.
    """
    if not timedelta(0) < lifetime <= MAX_LIFETIME:
        raise ValueError(f"a token lives up to {MAX_LIFETIME.days} days")
    # Locks the owner's row, so that two requests at once can't pass the limit together.
    User.objects.select_for_update().get(pk=owner.pk)
    if owner.api_tokens.count() >= MAX_TOKENS:
        raise TooManyTokensError
    # 256 random bits: unlike a password it can't be guessed, so one fast hash protects it.
    key = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        owner=owner,
        name=name,
        digest=_digest(key),
        beginning=key[: len(PREFIX) + 4],
        created_at=now,
        expires_at=now + lifetime,
    )
    record(EventCode.TOKEN_CREATED, actor=owner, subject=token)
    return token, key


def recognise_token(key: str) -> ApiToken | None:
    """Return the valid token of this key with its active owner, and note that it was used."""
    now = timezone.now()
    token = (
        ApiToken.objects.valid_at(now)
        .filter(digest=_digest(key), owner__is_active=True)
        .select_related("owner")
        .first()
    )
    if token is None or demo.is_over_for(token.owner):
        return None
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_PRECISION)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> None:
    """Delete a token: nothing opens with it any more."""
    revoked = ApiToken(pk=token.pk, owner_id=token.owner_id)
    token.delete()
    record(EventCode.TOKEN_REVOKED, actor=by, subject=revoked, owner=revoked.owner_id)


@transaction.atomic
def revoke_tokens(*, owner: User, by: User) -> None:
    """Delete every token this person has."""
    for token in owner.api_tokens.all():
        revoke(token, by=by)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
