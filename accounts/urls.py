"""Addresses of what allauth does not cover: the overview, officials' applications, API tokens."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account_home, name="account_home"),
    path("register/official/", views.OfficialSignupView.as_view(), name="official_signup"),
    path("application/", views.official_application, name="official_application"),
    path("tokens/", views.api_tokens, name="account_tokens"),
    path("tokens/<uuid:token_id>/revoke/", views.api_token_revoke, name="account_token_revoke"),
]
