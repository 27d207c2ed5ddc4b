"""Closed classes of English words, in lower case with straight apostrophes, by which phrases are told apart."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the set of the words of a text."""
    return frozenset(text.split())


SUBJECT_PRONOUNS = words("i he she they we you it who")
CONTRACTED = frozenset(
    f"{pronoun}'{ending}" for pronoun in SUBJECT_PRONOUNS for ending in ("s", "d", "ll", "ve", "re", "m")
)
OTHER_PRONOUNS = words(
    """me him her them us himself herself themselves itself myself yourself ourselves this that these those which what
    whom"""
)
DETERMINERS = words(
    """the a an this that these those his her its their our my your some many most several few both all no any each
    every another other one two three four five six seven eight nine ten dozens hundreds thousands more much
    either neither such"""
)
AUXILIARIES = words(
    """is are was were be been being am has have had having do does did done will would shall should can could may
    might must isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't shouldn't
    can't cannot couldn't mustn't ought"""
)
PREPOSITIONS = words(
    """of in on at by for with to from about against among around as after before during under over between through
    into onto since until till without within toward towards upon despite amid near outside inside across along
    behind beyond per like unlike via following including"""
)
CONJUNCTIONS = words(
    """and or but nor that because if when while although though whereas since unless until so than whether where why
    how as yet once which who whom whose what"""
)
ADVERBS = words(
    """also then later often never ever always already still again once twice now just even only recently repeatedly
    not sometimes soon earlier previously thus therefore however instead meanwhile perhaps almost rather quite
    very too well publicly first further there here yesterday today tomorrow tonight nevertheless nonetheless
    long"""
)
TIMES = words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december yesterday today tomorrow tonight"""
)
FINITE = words(
    """came went made took got gave put kept left held won lost ran sat stood met paid sent spent brought bought caught
    fell grew led let began became broke built chose drew drove rose sold set shook shot showed spoke"""
)
LINKS = words("of for in at from with to on and &")
BE = words("is are was were be been being isn't aren't wasn't weren't am get got gets")
HAVE = words("has have had having hasn't haven't hadn't")
CATENATIVES = words(
    """prefer prefers preferred declined declines decline refused refuses refuse continued continues continue
    continuing seemed seems seem appeared appears appear tried tries try trying sought seeks seek began begins
    begin wants want wanted expected plans planned hopes hoped failed fails managed proceeded declining refusing
    seeking attempting attempted needs needed intends intended vowed vows vowing"""
)
SUBORDINATES = words("asked when while as after although though if since because before until unless")
GOES = words("go goes going gone went")
WH = words("whether if how why what who when where")
ADDRESSED = words(
    """tell ask remind assure warn urge inform notify advise promise convince persuade encourage order instruct
    reassure press pressure invite show"""
)

NOUNS_TOO = words(
    """pledge vow aim joke quip stress counter caution rebuke boast brag blast cry shout scream chant whisper regret
    dream wish guess respect hate trust decline reply mention rule find label brand reference highlight advocate
    claim report support demand request plan promise hope fear call question attack challenge note comment
    remark vote offer state document estimate protest campaign push fight sign result cheer doubt need order
    view release concern object focus talk account answer address appeal debate dispute desire care love press
    list post tweet email blog text type print figure project forecast back favor favour side show"""
)
NOUN_OPENERS = (
    DETERMINERS | SUBJECT_PRONOUNS | CONTRACTED | OTHER_PRONOUNS | words("that to for on about against there")
)


def is_adverb(word: str) -> bool:
    """Tell whether a word in lower case is likely an adverb."""
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4 and word not in ("family", "ally", "rally"))
