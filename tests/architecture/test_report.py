"""What docs/report.md calls a proof exists."""

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).parent.parent.parent
REPORT = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_proves_something_exists() -> None:
    named = re.findall(r"`(tests/\S+\.py)::(\w+)`", REPORT)
    assert len(named) > 10
    assert [one for one in named if one[1] not in functions_of(one[0])] == []


def test_every_command_that_measures_something_exists() -> None:
    commands = set(re.findall(r"`manage\.py (\w+)`", REPORT))
    assert commands
    assert commands <= set(get_commands())
    modules = set(re.findall(r"`python -m ([\w.]+)`", REPORT))
    assert modules
    assert all(importlib.util.find_spec(module) for module in modules)
