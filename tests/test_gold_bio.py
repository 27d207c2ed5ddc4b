from __future__ import annotations

from pathlib import Path

import pytest

from framing.corpora.gold import read_gold
from framing.errors import CorpusError

SAID = "She\tB-source\nsaid\tB-cue\nit\tB-content\nrains\tI-content\n.\tO\n"


def written(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "gold.bio"
    path.write_text(text, encoding="utf-8")
    return [str(path)]


def test_tokens_are_joined_by_blanks_and_spans_fit_the_text(tmp_path: Path) -> None:
    (article,) = read_gold(written(tmp_path, SAID))
    (found,) = article.annotators[0]
    assert article.text == "She said it rains ."
    parts = [[span.of(article.text) for span in spans] for spans in (found.source, found.cue, found.content)]
    assert parts == [["She"], ["said"], ["it rains"]]


def test_each_content_and_source_goes_to_the_nearest_cue(tmp_path: Path) -> None:
    other = SAID.replace("She", "He").replace("rains", "snows")
    (article,) = read_gold(written(tmp_path, SAID + "\n" + other))
    found = [[span.of(article.text) for span in each.source + each.content] for each in article.annotators[0]]
    assert found == [["She", "it rains"], ["He", "it snows"]]


def test_a_document_line_begins_an_article_of_its_own(tmp_path: Path) -> None:
    found = read_gold(written(tmp_path, f"-DOCSTART- O\n\n{SAID}\n-DOCSTART- O\n\n{SAID}"))
    assert [article.article_id for article in found] == ["gold-1", "gold-2"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [("it", "line 6: 'it' has no tag"), ("it\tX-cue", "line 6: .* has no tag"), ("it\tI-cue", "line 6: I-cue goes on")],
)
def test_a_damaged_line_is_named(tmp_path: Path, line: str, expected: str) -> None:
    with pytest.raises(CorpusError, match=expected):
        read_gold(written(tmp_path, SAID + line + "\n"))


def test_a_content_without_any_cue_is_no_attribution(tmp_path: Path) -> None:
    (article,) = read_gold(written(tmp_path, "it\tB-content\nrains\tI-content\n"))
    assert article.annotators == ((),)
