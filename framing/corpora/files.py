"""The reader for a researcher's own articles: a file or a folder of files, dirty as they come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from framing.corpora import formats
from framing.corpora.articles import FIELDS, article, without_surrogates
from framing.corpora.decoding import text_encoding
from framing.corpora.language import detect
from framing.corpora.paths import File, files
from framing.corpora.rows import WHOLE_FILE, Row
from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.protocols import Rejection
from framing.resources import locate
from framing.types import Article


@dataclass(frozen=True)
class Files:
    """Read JSON lines, CSV, TSV, Parquet, text and HTML files: one, or all of a folder in the order of their paths.

    `columns` names the column of a field where it is not called the same (`{text: body}`); null leaves a field
    unread (`{published: null}`). In text files it maps the YAML front matter, in web pages nothing. `outlet` is given
    to articles without one. `languages` are the ones kept, null keeps all: an article brings its language or has it
    detected, and one whose language is uncertain is kept without. `encoding` and `delimiter` are found out where they
    are null; `pattern` (`*.csv`, `2024/*.txt`) chooses among the files of a folder.

    An article that cannot be read, or whose id came before, is yielded as a `Rejection`.

    Raises:
        ConfigError: an option names no field, language or encoding.
        CorpusError: there is nothing to read at `path`, or a table lacks a column that `columns` names.
    """

    path: str
    columns: Mapping[str, str | None] = field(default_factory=dict)
    outlet: str | None = None
    languages: tuple[str, ...] | None = ("en",)
    encoding: str | None = None
    delimiter: str | None = None
    pattern: str | None = None

    def __post_init__(self) -> None:
        for name in self.columns:
            if name not in FIELDS:
                raise ConfigError(f"corpus.columns.{name}: articles have no such field; {did_you_mean(name, FIELDS)}")
        if self.columns.get("text", "text") is None:
            raise ConfigError(
                "corpus.columns.text: found null, expected the column of the text, which every article has"
            )
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n'):
            raise ConfigError(f"corpus.delimiter: found {self.delimiter!r}, expected one character or null")
        if self.languages is not None and not self.languages:
            raise ConfigError("corpus.languages: found an empty list, which keeps nothing; name languages or set null")
        if self.encoding is not None and text_encoding(self.encoding) is None:
            raise ConfigError(
                f"corpus.encoding: no encoding of texts is called {self.encoding!r}, expected one such as utf-8, "
                "utf-16, windows-1252 or null"
            )

    def __call__(self) -> Iterator[Article | Rejection]:
        """Read the corpus; at most a few rows are in memory at once."""
        found = list(files(locate(self.path), formats.EVERY, self.pattern))
        self._check_headers([file for file in found if isinstance(file, File)])
        seen: set[bytes] = set()
        for file in found:
            if isinstance(file, Rejection):
                yield file
            else:
                yield from self._read(file, seen)

    def _check_headers(self, found: Sequence[File]) -> None:
        """Find a misspelt column before the first article is read, not hours later."""
        needed = {"text": "text", **self.columns}
        for file in found:
            try:
                known = formats.header(file.path, encoding=self.encoding, delimiter=self.delimiter)
            except OSError:
                continue  # reading the file will say so
            for name, column in needed.items():
                if known and column is not None and column not in known:
                    raise CorpusError(
                        f"{file.name}: there is no column {column!r}; set corpus.columns.{name} to the one that holds "
                        f"it, or leave the file out by corpus.pattern; {did_you_mean(column, known)}"
                    )

    def _read(self, file: File, seen: set[bytes]) -> Iterator[Article | Rejection]:
        number, empty = WHOLE_FILE, True
        columns = self._columns(file.path.suffix.lower())
        missing = set(filter(None, self.columns.values())) if file.path.suffix.lower() in formats.LINES else set()
        try:
            for row in formats.rows(file.path, encoding=self.encoding, delimiter=self.delimiter):
                number, empty = row.number, False
                if isinstance(row, Row):
                    missing = missing and missing - row.values.keys()
                    yield self._article(row, file.name, columns, seen)
                else:
                    yield Rejection(file.name, row.number, without_surrogates(row.reason))
        except OSError as error:
            reason = f"cannot be read behind row {number} ({error.strerror or error}); mend the file or its permissions"
            yield Rejection(file.name, WHOLE_FILE, reason)
            return
        if empty:
            yield Rejection(file.name, WHOLE_FILE, "the file holds no row; fill it, or take it out of the corpus")
        elif missing:
            reason = f"no row has {sorted(missing)}, which corpus.columns expects; mend the names or set them to null"
            yield Rejection(file.name, WHOLE_FILE, reason)

    def _columns(self, suffix: str) -> dict[str, str | None]:
        """Name the column of every field; the text of a text file, and all of a page, come under their own names."""
        columns = {name: self.columns.get(name, name) for name in FIELDS}
        if suffix in formats.HTML:
            return {name: name if column else None for name, column in columns.items()}
        return {**columns, "text": "text"} if suffix in formats.TEXT else columns

    def _article(self, row: Row, name: str, columns: Mapping[str, str | None], seen: set[bytes]) -> Article | Rejection:
        try:
            found = article(row.values, columns, outlet=self.outlet)
            found = found if found.language else replace(found, language=detect(found.text))
            self._check_language(found.language)
            _claim(found.article_id, seen)
        except CorpusError as error:
            return Rejection(name, row.number, without_surrogates(str(error)))
        return found

    def _check_language(self, language: str | None) -> None:
        if language and self.languages is not None and language.lower() not in map(str.lower, self.languages):
            raise CorpusError(
                f"language is {language!r}, expected one of {', '.join(self.languages)}; if extractor and codebook can "
                "read it, add it to corpus.languages, or set that to null to keep every language"
            )


def _claim(article_id: str, seen: set[bytes]) -> None:
    """Keep a digest of the id, not the id or the text: a corpus of millions must fit."""
    digest = hashlib.blake2b(article_id.encode(), digest_size=16).digest()
    if digest in seen:
        raise CorpusError(
            f"article_id {article_id!r} came in an earlier row, expected one article an id; leave the row out, or give "
            "it another id; with columns.article_id set to null, ids are made from the content"
        )
    seen.add(digest)
