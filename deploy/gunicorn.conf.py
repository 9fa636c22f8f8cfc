"""Gunicorn's settings; each can be overridden on its command line."""

import os

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))  # waiting for a result holds a thread, not a core
worker_class = "gthread"
timeout = 60
graceful_timeout = 10
max_requests = 10_000
max_requests_jitter = 1_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
