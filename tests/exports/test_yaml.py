"""YAML of exports reads back as what was written."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from stancedata.exports.yaml import yaml_text

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp", "Co"))
)
SCALARS = st.none() | st.booleans() | st.integers() | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "b_c", "key"]), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["name", "columns"]), VALUES, min_size=1))
def test_it_reads_back(value: dict[str, object]) -> None:
    """Any nesting of mappings, lists and scalars reads back."""
    assert value == yaml.safe_load(yaml_text(value))
