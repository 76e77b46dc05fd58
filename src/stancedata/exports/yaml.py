"""Write plain values as YAML; only `curation` may depend on the library that reads it."""

from __future__ import annotations

import json
from typing import Any


def yaml_text(value: Any, depth: int = 0) -> str:
    """Return mappings and lists as blocks, and scalars as in JSON, which is YAML too."""
    pad = "  " * depth
    if isinstance(value, dict):
        return "".join(f"{pad}{key}:{_after_key(found, depth)}" for key, found in value.items())
    return "".join(f"{pad}- {_item(found, depth)}" for found in value)


def _after_key(value: Any, depth: int) -> str:
    if isinstance(value, dict | list) and value:
        return "\n" + yaml_text(value, depth + 1)
    return f" {json.dumps(value, ensure_ascii=False)}\n"


def _item(value: Any, depth: int) -> str:
    if isinstance(value, dict | list) and value:
        return yaml_text(value, depth + 1).lstrip(" ")
    return json.dumps(value, ensure_ascii=False) + "\n"
