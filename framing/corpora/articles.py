"""From the raw values of a row to an article: cleaned text, a date that is not guessed, an id.

Cleaning, done before ids are made: line ends become LF; NUL and U+FEFF (byte order marks) are removed; lone surrogates,
which no file can hold, become U+FFFD; white space around the text goes. In names, titles and ids any run of white space
becomes one space. Nothing else of a text is touched.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import reprlib
from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice

from framing.errors import CorpusError, did_you_mean
from framing.types import Article

FIELDS = ("article_id", "text", "outlet", "published", "title", "url", "language", "event_id")
LONGEST_ID = 500
_READ_APART = ("text", "published")

_SURROGATE = re.compile("[\ud800-\udfff]")
_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_].*)?")
_TIME = r"(?:[01][0-9]|2[0-4])(?::?[0-5][0-9](?::?[0-6][0-9](?:[.,][0-9]+)?)?)?"
_ISO = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{8}})(?:[T ]{_TIME} ?(?:Z|UTC|GMT|[+-][0-9:]{{2,6}})?)?")
_RFC_2822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4})"
    rf"(?: {_TIME}(?: (?:[+-][0-9]{{4}}|[A-Z]{{1,5}}))?)?"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clean(text: str) -> str:
    """Return a text as an article holds it; cleaning it again changes nothing."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "").replace("\ufeff", "")
    return without_surrogates(text).strip()


def without_surrogates(text: str) -> str:
    """Return a text that can be written as UTF-8: lone surrogates as U+FFFD, so that no offset moves."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def article(values: Mapping[str, object], columns: Mapping[str, str | None], *, outlet: str | None = None) -> Article:
    """Make an article from a row; `columns` names the column of every field, `outlet` is for rows without one.

    Raises:
        CorpusError: the row is no article; the message says why.
    """
    text = _text(values, columns["text"] or "text")
    named = {field: _name(field, values.get(columns[field] or "")) for field in FIELDS if field not in _READ_APART}
    published = _published(values.get(columns["published"] or ""))
    named["outlet"] = named["outlet"] or outlet
    named["language"] = _language(named["language"])
    article_id = named.pop("article_id") or content_id(named["outlet"], named["url"] or named["title"], published, text)
    if len(article_id) > LONGEST_ID:
        raise CorpusError(
            f"article_id has {len(article_id):,} characters, expected {LONGEST_ID} at most; shorten it, or set "
            "columns.article_id to null to have ids made from the content"
        )
    return Article(article_id, text, published=published, extra=_extra(values, columns), **named)


def content_id(outlet: str | None, name: str | None, published: date | None, text: str) -> str:
    """Return 16 hex digits of a hash over outlet, url or title, date and text, for an article that brings no id."""
    parts = [outlet, name, published and published.isoformat(), text]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _text(values: Mapping[str, object], column: str) -> str:
    if column not in values:
        known = list(islice(map(str, values), 20))
        raise CorpusError(f"there is no {column!r}, where columns.text expects the text; {did_you_mean(column, known)}")
    value = values[column]
    if not isinstance(value, str) and not _is_missing(value):
        raise CorpusError(f"text is {reprlib.repr(value)}, expected text; name another column in columns.text")
    text = clean(value) if isinstance(value, str) else ""
    if not text:
        raise CorpusError("text is empty, expected the text of an article; leave the row out, or fill it")
    return text


def _name(field: str, value: object) -> str | None:
    if _is_missing(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise CorpusError(
            f"{field} is {reprlib.repr(value)}, expected text or a whole number; mend it or set columns.{field} to null"
        )
    return " ".join(clean(value).split()) or None


def _published(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if _is_missing(value) or (isinstance(value, str) and not value.strip("\0\ufeff \t\r\n")):
        return None
    found = _date_of(clean(value)) if isinstance(value, str) else None
    if found is None:
        raise CorpusError(
            f"published is {reprlib.repr(value)}, expected an ISO date such as 2024-03-31 or an RFC 2822 date; "
            "mend it or set columns.published to null"
        )
    return found


def _date_of(text: str) -> date | None:
    """Read the calendar day as it is written, in whatever time zone that is."""
    try:
        if iso := _ISO.fullmatch(text):
            return date.fromisoformat(iso[1])
        if mail := _RFC_2822.fullmatch(text):
            return date(int(mail[3]), _MONTHS.index(mail[2]) + 1, int(mail[1]))
    except ValueError:  # the thirtieth of February, a month called Foo
        return None
    return None


def _language(name: str | None) -> str | None:
    """Return the language of a tag (`en` for `en-GB`), and anything that is no tag as it is."""
    match = _LANGUAGE_TAG.fullmatch(name.lower()) if name else None
    return match[1] if match else name


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _extra(values: Mapping[str, object], columns: Mapping[str, str | None]) -> dict[str, str]:
    """Keep what else a row holds, where it is a plain value."""
    used = set(columns.values())
    return {
        without_surrogates(column): without_surrogates(str(value))
        for column, value in values.items()
        if column not in used and isinstance(value, str | int | float | date) and not _is_missing(value)
    }
