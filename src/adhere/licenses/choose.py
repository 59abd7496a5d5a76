"""From all evidence about one package to one conclusion.

The order of evidence, strongest first: ``License-Expression``, which *is* the declaration;
the ``License`` field; classifiers; license texts; what an SBOM states; curated facts. The
strongest that says something leads. It is never overruled: weaker evidence makes it more
exact (`BSD` and the text of BSD-3-Clause), agrees, or disagrees - and when strong evidence
disagrees, nothing is concluded.

Confidence: 0.98 an SPDX expression; 0.9 to 0.97 an exact name, a classifier or a whole
license text; 0.8 a GNU license without a word about later versions, curated facts. Every
independent kind of evidence that agrees halves the doubt; what could not be read, or puts
parts under other terms, adds to it. A state other than concluded has at most 0.5.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from adhere.licenses.curated import curated_fact
from adhere.licenses.evidence import Voice, declared_voices, stated_voice, text_voices
from adhere.licenses.relations import relation
from adhere.licenses.texts import TextFacts
from adhere.licenses.verdict import Verdict
from adhere.licenses.weigh import weigh
from adhere.model.claim import Claim, Conclusion, Standing
from adhere.model.package import Declared, LicenseFile

VERSION = "2026.2"
"""Changes with every rule by which evidence is read and weighed."""


def conclude(
    name: str,
    version: str,
    declared: Declared | None,
    texts: Sequence[tuple[LicenseFile, TextFacts]],
    *,
    curated: bool = True,
    missing: tuple[str, ...] = (),
) -> Conclusion:
    """Weigh everything that is known about the license of one package.

    Args:
        name: canonical.
        version: as the source writes it.
        declared: its metadata, ``None`` when there is none.
        texts: license files and what `adhere.licenses.texts.identify` says of them.
        curated: whether the built-in facts may speak when all else leaves it open.
        missing: evidence that was not to be had and why, as clauses.
    """
    voices = declared_voices(declared) if declared is not None else []
    voices += text_voices(texts)
    if declared is not None and (stated := stated_voice(declared)):
        voices.append(stated)
    verdict = weigh(voices)
    if curated and verdict.yields and (fact := curated_fact(name, version)):
        verdict = weigh([*voices, fact])
        voices.append(fact)
    return Conclusion(
        state=verdict.state,
        expression=verdict.expression,
        candidates=tuple(sorted(verdict.candidates)),
        confidence=round(verdict.confidence, 3),
        why=verdict.why,
        claims=tuple(_standing(voice, verdict) for voice in voices),
        missing=missing,
    )


def _standing(voice: Voice, verdict: Verdict) -> Claim:
    return msgspec.structs.replace(voice.claim, standing=_stands(voice, verdict))


def _stands(voice: Voice, verdict: Verdict) -> Standing:
    if any(voice is decider for decider in verdict.deciders):
        return "decides"
    if voice.sense in ("silent", "unread"):
        return "silent"
    if any(voice is against for against in verdict.against):
        return "contradicts"
    related = relation(voice, verdict.names)
    if related == "contradicts" and voice.facts is not None:
        # One file of several; `Verdict.against` has those that matter.
        return "outranked"
    return related
