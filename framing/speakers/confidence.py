"""How sure each rule is: the share of its resolutions that were right where they were checked."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """The rule that resolved a source."""

    FULL_NAME = "full_name"
    SURNAME = "surname"
    ALIAS = "alias"
    OFFICE_HERE = "office_here"
    OFFICE_LISTED = "office_listed"
    PRONOUN = "pronoun"
    PRONOUN_CLOSE = "pronoun_close"
    PRONOUN_QUOTED = "pronoun_quoted"
    RELATIVE = "relative"
    NEUTER = "neuter"
    STATE = "state"
    BODY = "body"
    SAME_HEAD = "same_head"
    OWNED = "owned"
    GROUP = "group"
    DOCUMENT = "document"
    ANONYMOUS = "anonymous"
    UNKNOWN = "unknown"


CONFIDENCE = dict.fromkeys(Rule, 0.9)
