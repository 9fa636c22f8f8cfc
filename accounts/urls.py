"""Addresses of what allauth does not cover: officials' applications, API tokens."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
