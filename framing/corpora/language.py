"""Which language a text is in; the detector is loaded when the first text asks for it."""

from __future__ import annotations

from functools import cache
from typing import Any

SAMPLE = 500
"""Characters read, from the middle of the text: beginnings and ends are where other languages and boilerplate stand."""
SURE = 0.9


def detect(text: str) -> str | None:
    """Return the ISO 639 code of the language, or None where the text is too short or too mixed to be sure."""
    start = max(0, (len(text) - SAMPLE) // 2)
    language, probability = _identifier().classify(text[start : start + SAMPLE])
    return str(language) if probability >= SURE else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
