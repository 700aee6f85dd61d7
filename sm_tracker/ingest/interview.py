"""Questions the import asks, and the answers it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sm_tracker.domain.records import Choice, Question
from sm_tracker.errors import AnswerError
from sm_tracker.ingest.column_names import NAMES
from sm_tracker.ingest.findings import Spot

KEYS: Mapping[str, str] = {
    "date_order": "whether day or month comes first in dates such as 02/03/2018",
    "unit": "unit of thickness values that carry none: mm, µm, cm or by-size",
    "decimal": "whether a point or a comma is the decimal sign",
    "range": "what a range such as 1.8-2.0 stands for",
    "same_visit": "different values of one visit: replicates, or a later correction",
    "sites": "whether different spellings of a body site are merged",
    "leading_zeros": "whether patient codes such as 7 and 007 are the same patient",
    "patient_id": "the patient code of a file that holds none",
    "site": "the body site of a file that holds none",
    "fill_down": "whether blank cells repeat the cell above",
    "visits_across": "whether a table with one column a visit is turned",
    "blank_therapy": "whether a blank therapy beside a reading means none, as above or not stated",
    "therapies_of_a_day": "what ran on a day whose readings are tagged with different therapies",
    "sessions": "whether single sessions form one course",
    "split_values": "whether a decimal comma has split values into two fields",
    "points_x": "what the first column of digitised points is",
    "points_y": "what the second column of digitised points is",
    "relative_time": "what relative times count",
}
"""Keys without a name of their own, and what they decide."""

PREFIXES: Mapping[str, str] = {
    "column.": "which column of the file holds something, for example column.thickness=Wert",
    "codes.": "meaning of the codes of a REDCap field, for example codes.site=1, calf | 2, hand",
    "better.": "which direction of an outcome is better, for example better.IgG=lower",
    "therapy.": "which therapy an ambiguous name means, for example therapy.CP=cyclophosphamide",
    "series.": "which series of a site the readings join that several fit, or apart; asked where "
    "they are going to be stored, for example series.forearm=left, dermis",
}
"""Beginnings of keys that go on with a name."""


@dataclass(frozen=True, slots=True)
class _Asked:
    key: str
    message: str
    choices: tuple[Choice, ...]
    spot: Spot


def _plain(value: str) -> str:
    """An answer without case, blanks and the spelling of the micro sign."""
    folded = " ".join(value.casefold().split())
    return {"um": "μm", "mikrometer": "μm", "micrometre": "μm", "micrometer": "μm"}.get(
        folded, folded
    )


@dataclass(slots=True)
class Interview:
    """Answers that were given, and questions that stay open.

    Keys may carry ``@file`` or ``@file/sheet``; the nearest one wins.
    """

    answers: Mapping[str, str]
    files: Sequence[str] = ()
    _asked: list[_Asked] = field(default_factory=list)
    _open: list[_Asked] = field(default_factory=list)
    _offered: list[_Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        for key in self.answers:
            self._check_key(key)

    def _check_key(self, key: str) -> None:
        base, _, place = key.partition("@")
        known = base in KEYS or any(base.startswith(p) and len(base) > len(p) for p in PREFIXES)
        if not known:
            raise AnswerError(
                f"There is no question {base!r}",
                where=f"answer {key}",
                fix="use one of " + ", ".join([*KEYS, *(p + "…" for p in PREFIXES)]),
            )
        role = base.removeprefix("column.")
        if role != base and role not in NAMES:
            raise AnswerError(
                f"No column can be {role!r}",
                where=f"answer {key}",
                fix="use one of " + ", ".join(f"column.{r}" for r in NAMES),
            )
        if place and not any(place == f or place.startswith(f + "/") for f in self.files):
            raise AnswerError(
                f"The answer {key!r} is meant for a file that is not among those read",
                where=f"answer {key}",
                fix="use one of " + ", ".join(self.files),
            )

    def given(self, key: str, spot: Spot) -> str | None:
        """The answer given to a key for this place, or None."""
        sheet_key = f"{key}@{spot.file}/{spot.sheet}"
        for name in (sheet_key, f"{key}@{spot.file}", key):
            if name in self.answers:
                return self.answers[name]
        return None

    def ask(
        self,
        key: str,
        message: str,
        choices: Iterable[Choice],
        spot: Spot,
        *,
        free: Callable[[str], bool] | None = None,
    ) -> str | None:
        """The answer to a question, or None while it is open.

        `free` says whether an answer outside the choices is possible.

        Raises
        ------
        AnswerError
            If the answer given is none of the choices.
        """
        asked = _Asked(key, message, tuple(choices), spot)
        return self._answer(asked, self._open, free)

    def offer(self, key: str, message: str, choices: Iterable[Choice], spot: Spot) -> str | None:
        """The answer to a question that nothing waits for, or None.

        Raises
        ------
        AnswerError
            If the answer given is none of the choices.
        """
        return self._answer(_Asked(key, message, tuple(choices), spot), self._offered, None)

    def _answer(
        self, asked: _Asked, unanswered: list[_Asked], free: Callable[[str], bool] | None
    ) -> str | None:
        key, message, spot = asked.key, asked.message, asked.spot
        answer = self.given(key, spot)
        if asked not in self._asked:
            self._asked.append(asked)
        if answer is None:
            if asked not in unanswered:
                unanswered.append(asked)
            return None
        for choice in asked.choices:
            if _plain(choice.value) == _plain(answer):
                return choice.value
        if free is not None and answer.strip() and free(answer):
            return answer.strip()
        raise AnswerError(
            f"{answer!r} is no possible answer to {key}",
            where=f"answer {key}, {spot.file}",
            why=message,
            fix="use one of " + ", ".join(c.value for c in asked.choices)
            if asked.choices
            else "see the question",
        )

    @property
    def is_open(self) -> bool:
        """Whether a question waits for its answer."""
        return bool(self._open)

    def waits_for(self, keys: Sequence[str]) -> bool:
        """Whether a question with one of the keys, or one that begins with ``key.``, is open."""
        return any(
            a.key.startswith(k) if k.endswith(".") else a.key == k for a in self._open for k in keys
        )

    def questions(self) -> tuple[Question, ...]:
        """The open questions; a key asked in several places names its file or sheet."""
        return self._as_questions(self._open)

    def offers(self) -> tuple[Question, ...]:
        """Questions without an answer that nothing waits for."""
        return self._as_questions(self._offered)

    def _as_questions(self, unanswered: Iterable[_Asked]) -> tuple[Question, ...]:
        return tuple(
            Question(
                key=self._full_key(asked),
                message=asked.message,
                choices=asked.choices,
                file=asked.spot.file,
            )
            for asked in unanswered
        )

    def _full_key(self, asked: _Asked) -> str:
        spots = {a.spot for a in self._asked if a.key == asked.key}
        if len(spots) == 1:
            return asked.key
        if len({s.file for s in spots}) == len(spots):
            return f"{asked.key}@{asked.spot.file}"
        return f"{asked.key}@{asked.spot.file}/{asked.spot.sheet}"
