from __future__ import annotations

import subprocess
import sys

import pytest

from framing import registry
from framing.errors import ConfigError

EVERY = [(seam, kind) for seam, shipped in registry.SHIPPED.items() for kind in shipped]


@pytest.mark.parametrize(("seam", "kind"), EVERY)
def test_every_shipped_kind_can_be_imported_and_says_what_it_is(seam: str, kind: str) -> None:
    part = registry.load(seam, kind)
    assert callable(part)
    assert registry.describe(registry.SHIPPED[seam][kind]) == (part.__doc__ or "").partition("\n")[0]


def test_an_unknown_kind_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match=r"quotes: .*'rule'; did you mean 'rules'"):
        registry.load("quotes", "rule")


def test_an_unknown_seam_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="did you mean 'quotes'"):
        registry.kinds("quote")


def test_an_unknown_option_is_named_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"measure\.metrics\.0\.targt: 'net_stance' .*did you mean 'target'"):
        registry.build("metrics", "net_stance", {"targt": "x"}, place="measure.metrics.0")


def test_an_option_of_the_wrong_type_is_named_with_what_was_found() -> None:
    with pytest.raises(ConfigError, match=r"report\.charts\.0\.speakers: .*found 'many'"):
        registry.build("charts", "voice", {"speakers": "many"}, place="report.charts.0")


def test_listing_the_parts_imports_none_of_the_heavy_libraries() -> None:
    heavy = ("torch", "sklearn", "scipy", "polars", "matplotlib", "trafilatura", "pyarrow")
    code = (
        "import sys; from framing.cli import main; main(['list']); "
        f"sys.exit(any(name in sys.modules for name in {heavy!r}))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
