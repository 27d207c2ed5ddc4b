"""Public sets of labelled positions, read in the form of their releases; the test parts of these are never read."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from framing.errors import CorpusError
from framing.protocols import StanceQuery
from framing.stance.propositions import VERBS
from framing.types import Label

Row = TypeVar("Row")
PARTS = 5
"""Sets without a dev part of their own are cut into so many by a hash; part 0 is the dev part."""

IBM_DEV = ("441", "483", "801", "926", "987")
"""The topics of the dev part of IBM Claim Stance."""
_CLAUSE = re.compile(rf"^(?:when|if|to|for|that|whether)\b|\b(?:{VERBS})\b", re.IGNORECASE)


class Labelled(NamedTuple):
    """A query about a free target, its label, and what must stay on one side of a split.

    `relevance` is false where "neutral" does not say whether the target is addressed at all, `neutrals` where the set
    has none, so that it cannot teach when there is no position.
    """

    query: StanceQuery
    label: Label
    group: str
    dev: bool
    relevance: bool = True
    neutrals: bool = True


def newsmtsc(folder: Path) -> Iterator[Labelled]:
    """Read NewsMTSC (Hamborg and Donnay 2021): sentiment toward a person in a sentence."""
    polarity = {2.0: Label.OPPOSE, 4.0: Label.NEUTRAL, 6.0: Label.SUPPORT}
    for number, row in enumerate(_json_lines(folder / "train.jsonl")):
        article = "_".join(row["primary_gid"].split("_")[:2])
        for target in row["targets"]:
            name = f"newsmtsc-{number}-{target['from']}"
            text = row["sentence_normalized"]
            query = StanceQuery(name, text, text, None, target["mention"])
            yield Labelled(query, polarity[float(target["polarity"])], article, _part(article) == 0)


def dse(folder: Path) -> Iterator[Labelled]:
    """Read DSE (Park, Pan and Joo 2021): sentiment of one entity of a sentence toward another, both ways.

    A sentence that comes twice is read once; of the dev part only sentences that the training part has not.
    """
    seen: set[str] = set()
    for name, dev in (("train.txt", False), ("valid.txt", True)):
        for number, line in enumerate(_lines(folder / name)):
            sentence, first, second, label = line.rstrip("\n").split("\t")
            if line in seen or (dev and sentence in seen):
                continue
            seen |= {line, sentence}
            text = re.sub(r"[\[\]]", "", sentence)
            for holder, target, sides in ((first, second, "13"), (second, first, "24")):
                found = {sides[0]: Label.SUPPORT, sides[1]: Label.OPPOSE}.get(label.strip(), Label.NEUTRAL)
                query = StanceQuery(f"dse-{dev:d}-{number}-{sides}", text, text, holder, target)
                yield Labelled(query, found, text, dev, relevance=False)


def ibm_claims(folder: Path) -> Iterator[Labelled]:
    """Read IBM Claim Stance (Bar-Haim and others 2017): claims for or against a motion."""
    for row in _ibm_rows(folder):
        yield _ibm_claim(row, row["topicText"], row["claims.stance"] == "PRO")


def ibm_targets(folder: Path) -> Iterator[Labelled]:
    """Read IBM Claim Stance as positions toward things: that of the motion, and that which the claim itself judges.

    What the motion would do ("unleash the free market") is no thing, nor is a target that is a clause.
    """
    for row in _ibm_rows(folder):
        thing, own = row["topicTarget"], row["claims.claimTarget.text"]
        if f" would {thing}".casefold() not in row["topicText"].casefold():
            yield _ibm_claim(row, thing, (row["claims.stance"] == "PRO") == (row["topicSentiment"] == "1"))
        if row["claims.Compatible"] == "yes" and own.casefold() != thing.casefold() and not _CLAUSE.search(own):
            yield _ibm_claim(row, own, row["claims.claimSentiment"] == "1")


def _ibm_rows(folder: Path) -> Iterator[dict[str, str]]:
    rows = _delimited(folder / "claim_stance_dataset_v1.csv", ",")
    return (row for row in rows if row["split"] != "test")


def _ibm_claim(row: Mapping[str, str], target: str, supports: bool) -> Labelled:
    text, topic = row["claims.claimCorrectedText"], row["topicId"]
    query = StanceQuery(f"ibm-{row['claims.claimId']}", text, text, None, target)
    label = Label.SUPPORT if supports else Label.OPPOSE
    return Labelled(query, label, f"ibm-{topic}", topic in IBM_DEV, neutrals=False)


def perspectrum(folder: Path) -> Iterator[Labelled]:
    """Read Perspectrum (Chen and others 2019): perspectives that support or undermine a claim.

    Of the dev part only perspectives whose text the training part has not.
    """
    pool = {row["pId"]: row["text"] for row in _json(folder / "perspective_pool_v1.0.json")}
    split = _json(folder / "dataset_split_v1.0.json")
    claims = _json(folder / "perspectrum_with_answers_v1.0.json")
    known = {
        pool[pid]
        for claim in claims
        if split[str(claim["cId"])] == "train"
        for p in claim["perspectives"]
        for pid in p["pids"]
    }
    for claim in claims:
        if split[str(claim["cId"])] == "test":
            continue
        dev = split[str(claim["cId"])] == "dev"
        for perspective in claim["perspectives"]:
            label = {"SUPPORT": Label.SUPPORT, "UNDERMINE": Label.OPPOSE}.get(perspective["stance_label_3"])
            for pid in perspective["pids"]:
                text = pool[pid]
                if label is not None and not (dev and text in known):
                    query = StanceQuery(f"perspectrum-{claim['cId']}-{pid}", text, text, None, claim["text"])
                    yield Labelled(query, label, f"perspectrum-{claim['cId']}", dev, neutrals=False)


def gwsd(folder: Path) -> Iterator[Labelled]:
    """Read GWSD (Luo, Card and Jurafsky 2020): news sentences on global warming; for evaluation, not for weights."""
    labels = {"agree": Label.SUPPORT, "neutral": Label.NEUTRAL, "disagree": Label.OPPOSE}
    for row in _delimited(folder / "GWSD.tsv", "\t"):
        if row["agree"] and row["in_held_out_test"] != "True":
            best = max(labels, key=lambda name: float(row[name]))
            query = StanceQuery(row["guid"], row["sentence"], row["sentence"], None, GWSD_TARGET)
            yield Labelled(query, labels[best], row["guid"], _part(row["guid"]) == 0)


GWSD_TARGET = "climate change/global warming is a serious concern"


def vast(folder: Path) -> Iterator[Labelled]:
    """Read the dev part of VAST (Allaway and McKeown 2020), zero-shot topics only; for evaluation, not for weights."""
    labels = {"FAVOR": Label.SUPPORT, "AGAINST": Label.OPPOSE, "NONE": Label.NEUTRAL}
    for number, row in enumerate(_delimited(folder / "vast_dev.csv", ",")):
        if row["seen?"] == "0":
            query = StanceQuery(f"vast-{number}", row["Tweet"], row["Tweet"], None, row["Target 1"])
            yield Labelled(query, labels[row["Stance 1"]], row["Tweet"], True)


SETS: dict[str, Callable[[Path], Iterator[Labelled]]] = {
    "newsmtsc": newsmtsc,
    "dse": dse,
    "ibm_claims": ibm_claims,
    "ibm_targets": ibm_targets,
    "perspectrum": perspectrum,
    "gwsd": gwsd,
    "vast": vast,
}


def read_set(name: str, folder: str | Path) -> list[Labelled]:
    """Read one set.

    Raises:
        CorpusError: a file of the release is missing or is not what the release holds.
    """
    try:
        return list(SETS[name](Path(folder)))
    except OSError as error:
        raise CorpusError(
            f"{error.filename}: cannot be read ({error.strerror}); is this the release of {name}?"
        ) from error
    except (KeyError, ValueError) as error:
        raise CorpusError(f"{folder}: not the release of {name} ({type(error).__name__}: {error})") from error


def calibrates(each: Labelled) -> bool:
    """Tell whether something is of that half of a dev part on which calibration is fitted; the other half judges it."""
    return each.dev and _part(f"{each.group} calibrates", 2) == 0


def spread(rows: Sequence[Row], limit: int | None) -> Sequence[Row]:
    """Return at most `limit` of the rows, from all over: many sets are sorted."""
    if limit is None or limit >= len(rows):
        return rows
    return [rows[at * len(rows) // limit] for at in range(limit)]


def _part(text: str, parts: int = PARTS) -> int:
    return int(hashlib.sha1(text.encode("utf-8"), usedforsecurity=False).hexdigest(), 16) % parts


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from (line for line in file if line.strip())


def _json_lines(path: Path) -> Iterator[Any]:
    yield from map(json.loads, _lines(path))


def _delimited(path: Path, delimiter: str) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)
