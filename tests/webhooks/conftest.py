"""A receiver on this machine, and people of banks."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.desk.conftest import arrive, make_user  # noqa: F401 - fixtures
from tests.recognition.conftest import reader, sent, submit, work  # noqa: F401 - fixtures


class Receiver(HTTPServer):
    """Keeps what comes, and answers with ``code``."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.code, self.got = 204, []
        self.url = f"http://127.0.0.1:{self.server_port}/hook?a=1"


class Handler(BaseHTTPRequestHandler):
    """Answers one message."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.code)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_ALLOW_LOCAL = True
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
