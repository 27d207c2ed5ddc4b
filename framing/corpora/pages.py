"""One file, one article: text with optional YAML front matter, and web pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from framing.corpora.decoding import flaw, text_encoding, whole
from framing.corpora.rows import ROW_OF_PAGE, Row, Unreadable

NO_ARTICLE = "no article was found in this page, expected paragraphs of text; take it out of the corpus"

DATE_SEARCH = {
    "original_date": True,  # not the day of the last change
    "extensive_search": False,  # metadata only: a date in running text is a guess
    "min_date": "1900-01-01",
    "max_date": "2100-01-01",  # by default today, which would make the result depend on the day of the run
}

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_FORBIDDEN_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def text_rows(path: Path, encoding: str | None = None) -> Iterator[Row | Unreadable]:
    """Yield the one row of a text file: the fields of its front matter, and below it the text.

    Raises:
        OSError: the file cannot be read.
    """
    text = whole(path, encoding)
    if reason := flaw(text, encoding):
        yield Unreadable(ROW_OF_PAGE, reason)
        return
    front = _FRONT_MATTER.match(text)
    fields: object = None
    if front:
        try:
            fields = yaml.safe_load(front[1].replace("\0", ""))
        except (yaml.YAMLError, ValueError) as error:  # a date such as 2024-13-45 is a ValueError
            message = " ".join(str(error).split())
            yield Unreadable(
                ROW_OF_PAGE, f"the front matter between --- is no YAML ({message}); mend it, or leave it out"
            )
            return
    if front and isinstance(fields, dict):
        yield Row(ROW_OF_PAGE, {**{str(key): value for key, value in fields.items()}, "text": text[front.end() :]})
    else:  # rules above and below a headline are no front matter
        yield Row(ROW_OF_PAGE, {"text": text})


def html_rows(path: Path, encoding: str | None = None) -> Iterator[Row | Unreadable]:
    """Yield the one row of a web page: its main text, and what its metadata say of title, date, outlet and address.

    Raises:
        OSError: the file cannot be read.
    """
    import trafilatura
    from trafilatura.settings import Document

    page = whole(path, encoding, declared=_declared(path))
    damage = flaw(page, encoding)
    found = trafilatura.bare_extraction(
        _FORBIDDEN_IN_XML.sub("\ufffd", page.replace("\0", "")),
        deduplicate=False,
        include_comments=False,
        with_metadata=True,
        date_extraction_params=dict(DATE_SEARCH),
    )
    if not isinstance(found, Document) or not found.text:
        yield Unreadable(ROW_OF_PAGE, damage or NO_ARTICLE)
    elif damage and "\ufffd" in found.text:
        yield Unreadable(ROW_OF_PAGE, damage)
    else:
        yield Row(
            ROW_OF_PAGE,
            {
                "text": found.text,
                "title": found.title,
                "published": found.date,
                "outlet": found.sitename or found.hostname,
                "url": found.url,
            },
        )


def _declared(path: Path) -> str | None:
    """Return the encoding that a page names in its head; browsers read the first as the second, and so do we."""
    with path.open("rb") as file:
        match = _CHARSET.search(file.read(2048))
    name = text_encoding(match[1].decode("ascii", "replace")) if match else None
    return {"iso8859-1": "windows-1252", "ascii": "windows-1252", "gb2312": "gb18030"}.get(name or "", name)
