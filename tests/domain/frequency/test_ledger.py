"""What reserving, sending and sweeping make of a ledger; the states of one touch."""

import pytest

from app.domain.frequency.ledger import (
    ENTRIES_MAX,
    KEEP_MS,
    Entry,
    Mark,
    Words,
    dispatch_mark,
    kept,
    reserved,
    sent,
    touch_mark,
    without,
)

NOW_MS = 1_795_000_000_000
NEWS = Words("email", "news", "promotional")
T1, T2 = touch_mark("t-1"), touch_mark("t-2")
PLACE = Entry(NOW_MS - 10, 0, NOW_MS + 10, T1, 0, NEWS)
GOING = Entry(NOW_MS, 0, NOW_MS, T1, 0, NEWS)
GONE = GOING._replace(mark=int(Mark.SENT))


@pytest.mark.parametrize(
    ("entries", "fields", "mark"),
    [
        ((PLACE,), {}, Mark.SENT),
        ((PLACE._replace(expires_ms=NOW_MS),), {}, Mark.SENT | Mark.LATE),
        ((), {"expired": True}, Mark.SENT | Mark.LATE),
        ((), {}, Mark.SENT | Mark.UNRESERVED),
        ((PLACE._replace(touch=T2),), {"place": T2}, Mark.SENT),
        ((PLACE._replace(touch=T2),), {}, Mark.SENT | Mark.UNRESERVED),
        ((GONE._replace(touch=T2),), {"place": T2}, Mark.SENT | Mark.UNRESERVED),
        ((PLACE._replace(words=Words("sms", "news", "promotional")),), {}, Mark.SENT | Mark.CHANGED),
        ((PLACE._replace(words=NEWS._replace(message_id="spring")),), {}, Mark.SENT),
    ],
)
def test_a_touch_that_goes_out_says_how_it_had_its_place(
    entries: tuple[Entry, ...], fields: dict[str, object], mark: Mark
) -> None:
    gone = sent(entries, GOING, NOW_MS, **fields)  # type: ignore[arg-type]

    assert gone.entry is not None
    assert gone.entry.mark == mark
    assert [entry for entry in gone.entries if entry.touch == T1] == [gone.entry]
    assert gone.has_held_its_place is (mark == Mark.SENT)


def test_a_place_taken_under_another_id_is_used_up() -> None:
    gone = sent((PLACE._replace(touch=T2),), GOING, NOW_MS, place=T2)

    assert [entry.touch for entry in gone.entries] == [T1]


def test_what_went_out_stays_as_it_is() -> None:
    gone = sent((GONE,), GOING._replace(at_ms=NOW_MS + 5), NOW_MS)

    assert (gone.entries, gone.entry) == ((GONE,), None)


def test_a_touch_holds_one_place() -> None:
    again = PLACE._replace(expires_ms=NOW_MS + 99)

    assert reserved((PLACE,), again) == (again,)
    assert without((PLACE, GONE._replace(touch=T2)), T1) == (GONE._replace(touch=T2),)


def test_what_cannot_count_any_more_is_swept_away() -> None:
    oldest = GONE._replace(at_ms=NOW_MS - KEEP_MS + 1, touch=T2)
    swept = [PLACE._replace(expires_ms=NOW_MS), GONE._replace(at_ms=NOW_MS - KEEP_MS)]

    assert kept([PLACE, oldest], NOW_MS) == (oldest, PLACE)
    assert kept(swept, NOW_MS) == ()


def test_a_ledger_is_bounded_and_the_newest_stay() -> None:
    many = [GONE._replace(at_ms=NOW_MS - place, touch=touch_mark(str(place))) for place in range(2_100)]

    found = kept(many, NOW_MS)

    assert len(found) == ENTRIES_MAX
    assert found[-1].at_ms == NOW_MS


def test_marks_stay_the_same_for_ever() -> None:
    assert touch_mark("t-1").hex() == "481d0bd882b4"
    assert dispatch_mark("d-1") == 60032712
    assert dispatch_mark(None) == dispatch_mark("") == 0
