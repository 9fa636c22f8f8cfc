"""What each kind of process loads, in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recognition.engine import types
from recognition.models import FieldName, Kind

ROOT = Path(__file__).parent.parent.parent
HEAVY = {"tensorflow", "keras", "jax", "torch", "scipy", "matplotlib", "sklearn"}
WORKER_LIMIT = 400  # MB, the amount in words included
REPORT = """
import json, re, sys
from pathlib import Path
loaded = sorted({name.partition(".")[0] for name in sys.modules})
# The peak since this program began: what getrusage calls the peak counts who started it, too.
status = Path("/proc/self/status").read_text()
megabytes = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024
print(json.dumps({"loaded": loaded, "modules": sorted(sys.modules), "megabytes": megabytes}))
"""


def _run(code: str, var: Path) -> dict:
    environment = os.environ | {"HDR_VAR_DIR": str(var)}
    done = subprocess.run(
        [sys.executable, "-c", code + REPORT],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_engine_loads_neither_the_web_nor_what_trains(tmp_path) -> None:
    code = """
import importlib, pkgutil
import recognition.engine
for module in pkgutil.walk_packages(recognition.engine.__path__, "recognition.engine."):
    importlib.import_module(module.name)
"""
    loaded = set(_run(code, tmp_path)["loaded"])
    assert not loaded & (HEAVY | {"django", "celery", "rest_framework", "hdr_site", "accounts"})


def test_a_web_process_loads_neither_networks_nor_what_runs_them(tmp_path) -> None:
    code = "import hdr_site.wsgi, hdr_site.urls, recognition.api.urls, recognition.admin"
    report = _run(code, tmp_path)
    assert not set(report["loaded"]) & (HEAVY | {"ai_edge_litert", "cv2"})
    assert "recognition.engine.pipeline" not in report["modules"]


def test_a_worker_is_light_and_never_loads_what_trains(tmp_path) -> None:
    code = """
import io
import django
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdr_site.settings")
django.setup()
import recognition.tasks
from recognition import readers
from recognition.engine.errors import EngineError
from recognition.engine.types import Kind
from PIL import Image
reader = readers.build_reader({})
image = io.BytesIO()
Image.effect_noise((2400, 1100), 60).convert("RGB").save(image, "PNG")
for kind in Kind:
    try:
        reader.read(image.getvalue(), kind)
    except EngineError:
        pass
import numpy as np
from recognition.engine.sheet import Snippet
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.words.reader import WordsReader
line = Snippet(np.full((152, 2272), 200, np.uint8), 16.0, np.eye(2, 3))
WordsReader(LineRecogniser()).read([line, line])
"""
    report = _run(code, tmp_path)
    assert not set(report["loaded"]) & HEAVY
    assert report["megabytes"] < WORKER_LIMIT


@pytest.mark.parametrize(("ours", "engines"), [(Kind, types.Kind), (FieldName, types.FieldName)])
def test_the_database_and_the_engine_use_the_same_words(ours, engines) -> None:
    assert set(ours.values) == {one.value for one in engines}
