"""How many articles to code: from the spread of a finished run, for an interval of a given half width."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scipy import stats

from framing.coding.design import strata
from framing.errors import ConfigError
from framing.measure.estimate import FEW_ARTICLES, measure
from framing.measure.interval import Bootstrap
from framing.measure.stance import NetStance, StanceShare
from framing.protocols import Tables
from framing.types import Estimate, Label


class Need(NamedTuple):
    """How many articles of a group one metric needs.

    `needed` is None where the run shows no spread to plan by; `reached` is the half width that `available` articles
    give where they are too few.
    """

    metric: str
    group: Mapping[str, str]
    value: float | None
    design_effect: float | None
    per_article: float | None
    needed: int | None
    available: int
    reached: float | None
    note: str | None


def plan(
    tables: Tables, targets: Sequence[str], *, half_width: float, by: Sequence[str] = ("outlet",), level: float = 0.95
) -> list[Need]:
    """Return the articles needed for net stance and for the share of each label, for every target and group.

    With the variance S² of a statement, the design effect D of articles, m statements on target in an article that has
    one and the share q of such articles, n = z² D S² / (m q h²) articles give the half width h (Kish 1965): that of
    hand labels alone, of articles drawn from a large stock. S², D, m and q are those of the model's labels;
    conditional positions count whole in S². A design effect below 1 counts as 1, and no fewer than `FEW_ARTICLES`
    articles are advised, below which intervals are too narrow.

    Raises:
        ConfigError: the half width is not between 0 and 1.
    """
    if not 0 < half_width < 1:
        raise ConfigError(f"--half-width {half_width:g}: expected a number between 0 and 1 such as 0.05")
    z = float(stats.norm.ppf((1 + level) / 2))
    sizes = {tuple(group.values()): part.height for group, part in strata(tables["articles"], by)}
    needs = []
    for target in targets:
        share = StanceShare(target, by_speaker=False, min_cell=1)
        # Value, counts and design effect need no draws.
        found = measure(tables, [NetStance(target), share], by=by, interval=Bootstrap(resamples=1))
        shares = {_key(each, by, each.group.get("label")): each.value for each in found}
        for each in found:
            sides = [shares.get(_key(each, by, side)) or 0.0 for side in (Label.SUPPORT, Label.OPPOSE)]
            value = each.value or 0.0
            variance = value * (1 - value) if "label" in each.group else sum(sides) - (sides[0] - sides[1]) ** 2
            available = sizes[tuple(each.group[name] for name in by)]
            needs.append(_need(each, variance, available, half_width / z, z))
    return needs


def _need(found: Estimate, variance: float, available: int, error: float, z: float) -> Need:
    """Plan for one estimate and a standard error."""
    per_article = found.statements / found.articles if found.articles else None
    bare = Need(
        str(found.metric), found.group, found.value, found.design_effect, per_article, None, available, None, None
    )
    if found.value is None:
        return bare._replace(note=found.note)
    if found.design_effect is None:
        return bare._replace(note="no spread between articles to plan by")
    # The variance of an estimate from one article drawn at random, whether or not it has a statement on target.
    of_one = max(found.design_effect, 1.0) * variance * available / found.statements
    needed = max(math.ceil(of_one / error**2 * (1 - 1e-9)), FEW_ARTICLES)
    note = f"rests on few articles ({found.articles})" if found.articles < FEW_ARTICLES else None
    reached = z * math.sqrt(of_one / available) if needed > available else None
    return bare._replace(needed=needed, reached=reached, note=note)


def as_text(needs: Sequence[Need], half_width: float) -> str:
    """Return net stance and the neediest label of each group as a table, with the number that serves all of it."""
    shown: dict[tuple[str, tuple[str, ...]], Need] = {}
    for need in needs:
        key = (need.metric, tuple(value for name, value in need.group.items() if name != "label"))
        if key not in shown or (need.needed or 0) > (shown[key].needed or 0):
            shown[key] = need
    lines = [["", "value", "design effect", "on target an article", "articles needed", "of", ""]]
    lines += [_line(need) for need in shown.values()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    known = [min(need.needed, need.available) for need in needs if need.needed is not None]
    if not known:
        return "\n".join([*table, "", "nothing to plan by"])
    short = sum(need.reached is not None and need.reached > half_width for need in shown.values())
    few = f"; {short} of these rows stay wider, as their groups have too few articles" if short else ""
    return "\n".join(
        [
            *table,
            "",
            f"For ±{half_width:g} from hand labels alone: `framing sample RUN --articles {max(known)}`{few}.",
            "The spread is that of the model's labels; estimates that are corrected, and use these too, are narrower.",
        ]
    )


def _line(need: Need) -> list[str]:
    kind = need.metric.partition("(")[0]
    target = need.metric.partition("target=")[2].partition(",")[0].rstrip(")")
    reached = f"all give ±{need.reached:.3f}" if need.reached is not None else ""
    return [
        " × ".join([target, *need.group.values()]) + ("" if "label" in need.group else f" × {kind}"),
        _number(need.value, 3),
        _number(need.design_effect, 2),
        _number(need.per_article, 2),
        "–" if need.needed is None else f"{need.needed:,}",
        f"{need.available:,}",
        "; ".join(filter(None, (reached, need.note))),
    ]


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _key(found: Estimate, by: Sequence[str], label: str | None) -> tuple[str | None, ...]:
    return (*(found.group[name] for name in by), label)
