"""Write records as JSON, one a line, in UTF-8 whatever the corpus holds."""

from __future__ import annotations

import json


def json_line(record: object) -> str:
    """Return a record as one line of JSON with its line end.

    Text stays readable. A lone surrogate, which UTF-8 cannot hold (it comes from a broken escape or file name), has the
    whole line written in ASCII escapes.
    """
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(record)
    return text + "\n"
