"""What the walks through the whole site need."""

from tests.recognition.conftest import reader, sent, submit, work

__all__ = ["reader", "sent", "submit", "work"]
