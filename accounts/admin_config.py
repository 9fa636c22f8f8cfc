"""Puts our admin site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class SiteAdminConfig(AdminConfig):
    """Django's admin, entered through the same login page as the rest."""

    default_site = "accounts.admin_site.AdminSite"
