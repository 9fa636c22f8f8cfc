"""Signed messages to a bank's own systems of what happened."""
