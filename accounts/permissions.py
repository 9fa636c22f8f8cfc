"""What a role may do in the admin site; everything else is decided by ownership."""

from django.contrib.auth.backends import BaseBackend

from accounts.models import Role, User

# What moderators may open at all. Each admin page narrows it: nobody edits a reading, or adds
# or deletes a person.
MODERATORS_MAY = frozenset(
    {
        "accounts.view_user",
        "accounts.change_user",
        "accounts.view_officialapplication",
        "accounts.change_officialapplication",
        "accounts.view_apitoken",
        "accounts.delete_apitoken",
        "audit.view_event",
    }
)
# What goes beyond a moderator's work: superusers have it, and whom it was given to by name.
GIVEN_BY_NAME = frozenset({"desk.export_account_numbers"})
MODERATED_APPS = frozenset({"recognition", "desk", "layouts", "webhooks"})


class RoleBackend(BaseBackend):
    """Gives moderators their permissions, so that there are no groups to fill in."""

    def has_perm(self, user_obj: User, perm: str, obj: object = None) -> bool:  # type: ignore[override] # ours is the only user model
        """Say whether the role allows it; an object makes no difference."""
        del obj
        if not user_obj.is_active or user_obj.role != Role.MODERATOR:
            return False
        if perm in GIVEN_BY_NAME:
            return False
        return perm in MODERATORS_MAY or perm.partition(".")[0] in MODERATED_APPS

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        """Say whether the role opens any page of this application's admin."""
        return (
            user_obj.is_active
            and user_obj.role == Role.MODERATOR
            and app_label in {"accounts", "audit"} | MODERATED_APPS
        )
