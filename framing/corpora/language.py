"""Which language a text is in; the detector is loaded when the first text asks for it."""

from __future__ import annotations

from functools import cache
from typing import Any

SAMPLES = (250, 1500)
"""Characters read, the second number where the first leave a doubt: from the middle of the text, since other languages
and boilerplate stand at its ends, and few, since detection costs more than all other reading."""
SURE = 0.9


def detect(text: str) -> str | None:
    """Return the ISO 639 code of the language, or None where the text is too short or too mixed to be sure."""
    for size in SAMPLES:
        start = max(0, (len(text) - size) // 2)
        language, probability = _identifier().classify(text[start : start + size])
        if probability >= SURE:
            return str(language)
    return None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
