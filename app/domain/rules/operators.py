"""Every operator on a value: what it may be given, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.rules import comparing, listing, moments, texts, versions
from app.domain.rules.bounds import Test

Build = Callable[[object], Test]
Fault = Callable[[object], str | None]

JOINING = ("$and", "$or", "$nor")
GROUPS = ("$inGroup", "$notInGroup")
CONDITIONS = (*JOINING, "$not", *GROUPS)  # stand where a path may stand
NESTED = ("$not", "$elemMatch", "$size")  # hold operators or conditions themselves
ATTR = "$attr"
NEGATED = {
    "$ne": "$eq",
    "$nin": "$in",
    "$nini": "$ini",
    "$vne": "$veq",
    "$notRegex": "$regex",
    "$notRegexi": "$regexi",
}


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. Those that are `negative` hold where `build` does not, also for what is missing."""

    fault: Fault
    build: Build
    is_negative: bool = False
    is_paired: bool = False
    """Whether it may be given another attribute, `{"$attr": "path"}`."""
    is_timed: bool = False
    """Whether it asks what moment it is."""


def _compared(build: Build, *, is_negative: bool = False) -> Operator:
    return Operator(comparing.value_fault, build, is_negative, is_paired=True)


def _ordered(build: Build) -> Operator:
    return Operator(comparing.order_fault, build, is_paired=True)


def _listed(build: Build, *, is_negative: bool = False) -> Operator:
    return Operator(listing.list_fault, build, is_negative, is_paired=True)


def _patterned(*, is_case_ignored: bool, is_negative: bool = False) -> Operator:
    return Operator(texts.pattern_fault, texts.matches(is_case_ignored=is_case_ignored), is_negative)


def _versioned(build: Build, *, is_negative: bool = False) -> Operator:
    return Operator(versions.version_fault, build, is_negative, is_paired=True)


_among, _among_folded = listing.among(listing.key_of), listing.among(listing.folded_key_of)

OPERATORS: Mapping[str, Operator] = {
    "$eq": _compared(comparing.equals),
    "$ne": _compared(comparing.equals, is_negative=True),
    "$gt": _ordered(comparing.greater),
    "$gte": _ordered(comparing.at_least),
    "$lt": _ordered(comparing.less),
    "$lte": _ordered(comparing.at_most),
    "$between": Operator(comparing.between_fault, comparing.between),
    "$in": _listed(_among),
    "$nin": _listed(_among, is_negative=True),
    "$ini": _listed(_among_folded),
    "$nini": _listed(_among_folded, is_negative=True),
    "$all": _listed(listing.every(listing.key_of)),
    "$alli": _listed(listing.every(listing.folded_key_of)),
    "$startsWith": Operator(texts.text_fault, texts.starts_with, is_paired=True),
    "$contains": Operator(texts.text_fault, texts.contains, is_paired=True),
    "$endsWith": Operator(texts.text_fault, texts.ends_with, is_paired=True),
    "$regex": _patterned(is_case_ignored=False),
    "$regexi": _patterned(is_case_ignored=True),
    "$notRegex": _patterned(is_case_ignored=False, is_negative=True),
    "$notRegexi": _patterned(is_case_ignored=True, is_negative=True),
    "$within": Operator(moments.within_fault, moments.within, is_timed=True),
    "$olderThan": Operator(moments.older_fault, moments.older_than, is_timed=True),
    "$veq": _versioned(versions.same_version),
    "$vne": _versioned(versions.same_version, is_negative=True),
    "$vgt": _versioned(versions.later),
    "$vgte": _versioned(versions.not_before),
    "$vlt": _versioned(versions.earlier),
    "$vlte": _versioned(versions.not_after),
    "$exists": Operator(comparing.exists_fault, comparing.exists),
    "$type": Operator(comparing.type_fault, comparing.typed),
}
