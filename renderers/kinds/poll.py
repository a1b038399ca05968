"""The kind `poll`: a question with its answers, to be chosen or with their shares of the votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from renderers.ballots import Answer, draw_answer, shares
from renderers.canvas import Box, Flat
from renderers.faces import Weight
from renderers.looks import Look, LookParams, look_of
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.params import Params, check, schema_of, several, text, whole
from renderers.quantities import Quantity, filled_in, read_value
from renderers.sheets import Sheet, inset, reads_from_right, told

MOST_ANSWERS = 6
_ROW, _GAP, _QUESTION, _CAPTION = 42.0, 8.0, 40.0, 26.0  # CSS pixels at full size, their air included
_LARGEST, _LEAST = 1.4, 0.5


class Show(StrEnum):
    RESULTS = "results"
    ANSWERS = "answers"


class AnswerParams(Params):
    id: text(64) = ""  # type: ignore[valid-type]
    text: text(400)  # type: ignore[valid-type]
    votes: Quantity = "0"


class PollParams(LookParams):
    answers: several(AnswerParams, 2, MOST_ANSWERS)  # type: ignore[valid-type]
    question: text(1000) = ""  # type: ignore[valid-type]
    show: text(1000) = "results"  # type: ignore[valid-type]
    chosen: text(1000) = ""  # type: ignore[valid-type]
    only: whole(1, MOST_ANSWERS) | None = None  # type: ignore[valid-type]
    caption: text(400) = "{votes} votes"  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDrawing:
    """A poll's parameters; all of it is drawn at each draw."""

    texts: Mapping[str, str]
    """By their pointers."""
    ids: tuple[str, ...]
    only: int | None
    look: Look
    size: Size
    is_timed: bool = False
    held_bytes: int = 3000

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        texts = {**self.texts, **values}
        votes = [_votes(f"/answers/{at}/votes", texts) for at in range(len(self.ids))]
        answers = self._answers(texts, votes, is_open=_read_show(texts["/show"]) is Show.ANSWERS)
        question, caption = told((texts["/question"], filled_in(texts["/caption"], {"votes": sum(votes)})))
        canvas = Flat(self.size.bitmap, self.look.ground)
        mirrored = reads_from_right((question, *(answer.text for answer in answers)))
        sheet = Sheet(canvas, self.look, self.size.scale, 1.0, mirrored)
        if self.only is not None:
            _alone(sheet, self.size, answers[self.only - 1])
        else:
            is_told = answers[0].percent is not None
            _board(sheet, self.size, question, answers, caption if is_told else "")
        return canvas.encode()

    def _answers(self, texts: Mapping[str, str], votes: list[float], *, is_open: bool) -> list[Answer]:
        words = told(texts[f"/answers/{at}/text"] for at in range(len(self.ids)))
        chosen = _chosen(texts["/chosen"], self.ids, words)
        percents = shares(votes)
        return [
            Answer(
                text=word,
                percent=None if is_open else percents[at],
                is_chosen=at == chosen,
                is_leading=votes[at] == max(votes) > 0,
            )
            for at, word in enumerate(words)
        ]


def _chosen(text: str, ids: Sequence[str], words: list[str]) -> int | None:
    """The answer of that id, else of that text, else of that number from 1 on."""
    plain = " ".join(told([text]))
    if plain in ids:
        return ids.index(plain) if plain else None
    if plain in words:
        return words.index(plain) if plain else None
    return int(plain) - 1 if plain.isascii() and plain.isdigit() and len(plain) == 1 else None


def _votes(pointer: str, texts: Mapping[str, str]) -> float:
    votes = read_value(pointer, texts[pointer], empty=0.0)
    if votes < 0 or votes != int(votes):
        raise CannotRender(f"{pointer}: must be a whole number of votes, none or more")
    return votes


def _read_show(text: str) -> Show:
    try:
        return Show(text.strip().lower())
    except ValueError as bad:
        raise CannotRender(f"/show: must be one of {', '.join(Show)}") from bad


def _alone(sheet: Sheet, size: Size, answer: Answer) -> None:
    """One answer fills the picture, so that each can be a link of its own."""
    width, height = size.bitmap
    draw_answer(_sized(sheet, height / _ROW), (0, 0, width, height), answer)


def _board(sheet: Sheet, size: Size, question: str, answers: list[Answer], caption: str) -> None:
    left, top, right, bottom = inset(size.bitmap, 24 * size.scale)
    sheet = _sized(
        sheet, (bottom - top) / _needed(len(answers), has_question=bool(question), has_caption=bool(caption))
    )
    if question:
        high = sheet.px(_QUESTION)
        sheet.write(
            question,
            (left, top, right, top + high - sheet.px(12)),
            sheet.setting(20, weight=Weight.BOLD, max_lines=2),
        )
        top += high
    if caption:
        high = sheet.px(_CAPTION)
        sheet.write(
            caption, (left, bottom - high + sheet.px(8), right, bottom), sheet.setting(13), sheet.look.soft
        )
        bottom -= high
    _rows(sheet, (left, top, right, bottom), answers)


def _rows(sheet: Sheet, box: Box, answers: list[Answer]) -> None:
    left, top, right, bottom = box
    gap = sheet.px(_GAP)
    high = min(sheet.px(_ROW), (bottom - top - gap * (len(answers) - 1)) // len(answers))
    y = top + (bottom - top - high * len(answers) - gap * (len(answers) - 1)) // 2
    for answer in answers:
        draw_answer(sheet, (left, y, right, y + high), answer)
        y += high + gap


def _sized(sheet: Sheet, unit: float) -> Sheet:
    return Sheet(sheet.canvas, sheet.look, sheet.scale, min(_LARGEST * sheet.scale, unit), sheet.is_mirrored)


def _needed(answers: int, *, has_question: bool, has_caption: bool) -> float:
    """The height in CSS pixels that a board takes at full size."""
    return answers * (_ROW + _GAP) - _GAP + _QUESTION * has_question + _CAPTION * has_caption


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> PollDrawing:  # noqa: ARG001
    checked = check(PollParams, params)
    count = len(checked.answers)
    texts = {f"/{name}": getattr(checked, name) for name in ("question", "show", "chosen", "caption")}
    for at, answer in enumerate(checked.answers):
        texts |= {f"/answers/{at}/text": answer.text, f"/answers/{at}/votes": answer.votes}
    _check_room(checked, size)
    ids = tuple(answer.id for answer in checked.answers)
    drawing = PollDrawing(texts=texts, ids=ids, only=checked.only, look=look_of(checked), size=size)
    try:
        _read_show(checked.show)
        for at in range(count):
            _votes(f"/answers/{at}/votes", texts)
    except CannotRender as wrong:
        pointer, _, detail = str(wrong).partition(": ")
        raise BadParams(ParamProblem(pointer, detail)) from wrong
    return drawing


def _check_room(checked: PollParams, size: Size) -> None:
    count = len(checked.answers)
    if checked.only is not None:
        if checked.only > count:
            raise BadParams(ParamProblem("/only", f"must be the number of an answer, 1 to {count}"))
        return
    needed = _needed(count, has_question=bool(checked.question), has_caption=bool(checked.caption))
    least = round(needed * _LEAST / 0.75)  # an eighth of a low picture is free above, and one below
    if size.height_px < least:
        raise BadParams(
            ParamProblem("/answers", f"need a block at least {least} pixels high, or fewer answers")
        )


KIND = Kind(
    name="poll",
    least_size=(120, 24),
    example_size=(600, 280),
    templatable={
        "/question": "x",
        "/show": "results",
        "/chosen": "",
        "/caption": "x",
        **{f"/answers/{at}/text": "x" for at in range(MOST_ANSWERS)},
        **{f"/answers/{at}/votes": "1" for at in range(MOST_ANSWERS)},
    },
    example={
        "question": "Which glaze shall we fire next?",
        "answers": [
            {"id": "tidepool", "text": "Tidepool", "votes": "{{ votes.glaze.tidepool | default: 420 }}"},
            {"id": "red-clay", "text": "Red clay", "votes": "{{ votes.glaze['red-clay'] | default: 312 }}"},
            {"id": "moss", "text": "Moss", "votes": "{{ votes.glaze.moss | default: 118 }}"},
        ],
        "chosen": "{{ votes.glaze.mine | default: 'tidepool' }}",
    },
    schema=schema_of(PollParams),
    prepare=prepare,
)
