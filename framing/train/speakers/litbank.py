"""LitBank's quotations with their speakers, as gold articles whose sources are the tags beside the quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from framing.corpora.gold_records import Attribution, GoldArticle, checked, read_exactly
from framing.errors import CorpusError
from framing.types import Span, SpeakerKind

_VERB = (
    "(?:said|cried|replied|asked|answered|exclaimed|added|remarked|continued|returned|whispered|observed|thought|"
    "muttered|repeated|inquired|began|murmured|demanded|shouted|declared|suggested|responded)"
)
_NAME = r"(?:(?:Mr|Mrs|Miss|Dr|Lady|Sir)\.? )?[A-Z]\w+(?: [A-Z]\w+)?"
_TAG = re.compile(rf"\s*(?:(he|she|{_NAME}) {_VERB}\b|{_VERB} (he\b|she\b|{_NAME}))")
_NUMBER = re.compile(r"-\d+$")


def articles(folder: Path) -> Iterator[GoldArticle]:
    """Yield the excerpts of a folder of `NAME_brat.ann` and `NAME_brat.txt`; lines become one run of text.

    A quotation has a source where a name, "he" or "she" stands with a verb of speech right behind it.

    Raises:
        CorpusError: there is no excerpt, a file cannot be read, or a quotation does not fit its text.
    """
    files = sorted(folder.glob("*_brat.ann"))
    if not files:
        raise CorpusError(f"{folder}: no *_brat.ann here; give the folder tsv of LitBank's quotations")
    for path in files:
        text = read_exactly(path.with_suffix(".txt"))
        yield GoldArticle(path.stem, text.replace("\n", " "), (tuple(_attributions(path, text)),))


def _attributions(path: Path, text: str) -> Iterator[Attribution]:
    lines = text.split("\n")
    rows = [line.split("\t") for line in read_exactly(path).split("\n")]
    speakers = {row[1]: _NUMBER.sub("", row[2]).replace("_", " ") for row in rows if row[0] == "ATTRIB"}
    for number, row in enumerate(rows, start=1):
        if row[0] != "QUOTE":
            continue
        place = f"{path} line {number}"
        try:
            first, start, last, end = map(int, row[2:6])
            span = checked(_token(lines, first, start).start, _token(lines, last, end).end, text, place)
        except (IndexError, ValueError) as error:
            raise CorpusError(f"{place}: {error}; expected QUOTE, an id, sentence, token, sentence, token") from error
        tag = _TAG.match(text.replace("\n", " "), span.end)
        source = (Span(*tag.span(tag.lastindex or 0)),) if tag else ()
        yield Attribution((span,), (), source, speakers.get(row[1]), SpeakerKind.PERSON)


def _token(lines: list[str], line: int, index: int) -> Span:
    words = lines[line].split(" ")
    start = sum(len(each) + 1 for each in lines[:line]) + sum(len(word) + 1 for word in words[:index])
    return Span(start, start + len(words[index]))
