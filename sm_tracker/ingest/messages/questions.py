"""Questions the import asks, and the answers it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sm_tracker.domain.records import Choice, Question
from sm_tracker.errors import AnswerError
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.languages import Message, first_few

KEYS: Mapping[str, str] = {
    "date_order": "whether day or month comes first in dates such as 02/03/2018",
    "unit": "unit of thickness values that carry none: mm, µm, cm or by-size",
    "decimal": "whether a point or a comma is the decimal sign",
    "range": "what a range such as 1.8-2.0 stands for",
    "missing_codes": "whether numbers such as 999 or 9.99 stand for a missing value",
    "told_apart": "whether a column of lesions or points keeps readings of one visit apart",
    "visit_days": "the days of visits that have names and no dates",
    "day_numbers": "the day from which dates that are numbers are counted",
    "season": "the hemisphere whose seasons are meant",
    "same_visit": "different values of one visit: replicates, or a later correction",
    "sites": "whether different spellings of a body site are merged",
    "leading_zeros": "whether patient codes such as 7 and 007 are the same patient",
    "patient_id": "the patient code of a file that holds none",
    "site": "the body site of a file that holds none",
    "fill_down": "whether blank cells repeat the cell above",
    "visits_across": "whether a table with one column a visit is turned",
    "patients_across": "whether columns called by codes belong to a patient each",
    "year": "the year of dates that are written without one",
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
    "unread.": "what a column is that nothing reads: outcome, doses, given, therapy, note, "
    "leave-out, or what it holds such as site or dose, for example unread.TEWL=outcome",
    "therapy.": "which therapy an ambiguous name means, for example therapy.CP=cyclophosphamide",
    "series.": "which series of a site the readings join that several fit, or apart; asked where "
    "they are going to be stored, for example series.forearm=left, dermis",
}
"""Beginnings of keys that go on with a name."""


@dataclass(frozen=True, slots=True)
class _Asked:
    key: str
    message: Message
    choices: tuple[Choice, ...]
    location: Location


def _plain(value: str) -> str:
    """An answer without case, blanks and the spelling of the micro sign."""
    folded = " ".join(value.casefold().split())
    return {"um": "μm", "mikrometer": "μm", "micrometre": "μm", "micrometer": "μm"}.get(
        folded, folded
    )


def _table_key(key: str, location: Location) -> str:
    """The key of an answer for one of several tables on a sheet."""
    sheet = f"/{location.sheet}" if location.sheet else ""
    return f"{key}@{location.file}{sheet}#{location.table}"


@dataclass(slots=True)
class Questions:
    """Answers that were given, and questions that stay open.

    Keys may carry ``@file``, ``@file/sheet`` or, where several tables share a sheet,
    ``@file/sheet#2``; the nearest one wins. `column_roles` are those that an answer
    ``column.ROLE`` may name.
    """

    answers: Mapping[str, str]
    column_roles: Sequence[str]
    files: Sequence[str] = ()
    _asked: list[_Asked] = field(default_factory=list)
    _open: list[_Asked] = field(default_factory=list)
    _offered: list[_Asked] = field(default_factory=list)
    _misfits: dict[str, _Asked] = field(default_factory=dict)
    _fitting: set[str] = field(default_factory=set)
    _columns_named: set[str] = field(default_factory=set)
    _columns_missed: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.answers:
            self._check_key(key)

    def _check_key(self, key: str) -> None:
        base, _, place = key.partition("@")
        known = base in KEYS or any(base.startswith(p) and len(base) > len(p) for p in PREFIXES)
        if not known:
            raise AnswerError(
                Message("There is no question {base!r}", base=base),
                where=Message("answer {key}", key=key),
                fix=Message(
                    "use one of {names}", names=", ".join([*KEYS, *(p + "…" for p in PREFIXES)])
                ),
            )
        role = base.removeprefix("column.")
        if role != base and role not in self.column_roles:
            raise AnswerError(
                Message("No column can be {role!r}", role=role),
                where=Message("answer {key}", key=key),
                fix=Message(
                    "use one of {names}", names=", ".join(f"column.{r}" for r in self.column_roles)
                ),
            )
        if place and not any(
            place == f or place.startswith((f + "/", f + "#")) for f in self.files
        ):
            raise AnswerError(
                Message(
                    "The answer {key!r} is meant for a file that is not among those read", key=key
                ),
                where=Message("answer {key}", key=key),
                fix=Message("use one of {names}", names=", ".join(self.files)),
            )

    def given(self, key: str, location: Location) -> str | None:
        """The answer given to a key for this place, or None."""
        name = self._key_given(key, location)
        return None if name is None else self.answers[name]

    def _key_given(self, key: str, location: Location) -> str | None:
        """The nearest key under which an answer for a place was given."""
        in_file = f"{key}@{location.file}"
        names = (_table_key(key, location), f"{in_file}/{location.sheet}", in_file, key)
        return next((n for n in names if n in self.answers), None)

    def ask(
        self,
        key: str,
        message: Message,
        choices: Iterable[Choice],
        location: Location,
        *,
        free: Callable[[str], bool] | None = None,
    ) -> str | None:
        """The answer to a question, or None while it is open.

        `free` says whether an answer outside the choices is possible.

        An answer that is possible in another place alone leaves the question open here, see
        :meth:`check_fit`.
        """
        asked = _Asked(key, message, tuple(choices), location)
        return self._answer(asked, self._open, free)

    def offer(
        self, key: str, message: Message, choices: Iterable[Choice], location: Location
    ) -> str | None:
        """The answer to a question that nothing waits for, or None."""
        return self._answer(_Asked(key, message, tuple(choices), location), self._offered, None)

    def _answer(
        self, asked: _Asked, waiting: list[_Asked], free: Callable[[str], bool] | None
    ) -> str | None:
        key, location = asked.key, asked.location
        answer = self.given(key, location)
        if asked not in self._asked:
            self._asked.append(asked)
        if answer is None:
            if asked not in waiting:
                waiting.append(asked)
            return None
        given = self._key_given(key, location) or key
        for choice in asked.choices:
            if _plain(choice.value) == _plain(answer):
                self._fitting.add(given)
                return choice.value
        if free is not None and answer.strip() and free(answer):
            self._fitting.add(given)
            return answer.strip()
        # It may be meant for another table; whether it is, shows when all are read.
        self._misfits.setdefault(given, asked)
        if asked not in waiting:
            waiting.append(asked)
        return None

    def tell_columns(self, key: str, missed: Sequence[str] | None) -> None:
        """Note whether an answer ``column.ROLE=HEADER`` named a column of a table.

        `missed` are the headers of a table in which no column is called so, None where one is.
        """
        if missed is None:
            self._columns_named.add(key)
        else:
            self._columns_missed.setdefault(key, []).extend(missed)

    def check_columns(self) -> None:
        """Refuse an answer ``column.ROLE=HEADER`` whose header no file has.

        Raises
        ------
        AnswerError
            With the columns seen.
        """
        for key, headers in self._columns_missed.items():
            if key not in self._columns_named:
                raise AnswerError(
                    Message("No column is called {header!r}", header=self.answers.get(key, "")),
                    where=Message("answer {key}", key=key),
                    fix=Message("use one of {names}", names=dict.fromkeys(headers)),
                )

    def check_fit(self) -> None:
        """Refuse an answer that was possible nowhere.

        Raises
        ------
        AnswerError
            With what is possible.
        """
        for key, asked in self._misfits.items():
            if key not in self._fitting:
                raise AnswerError(
                    Message(
                        "{answer!r} is not a possible answer to {key}",
                        answer=self.answers[key],
                        key=key,
                    ),
                    where=Message("answer {key}, {file}", key=key, file=asked.location.file),
                    why=asked.message,
                    fix=Message(
                        "use one of {names}", names=", ".join(c.value for c in asked.choices)
                    )
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

    def unanswered(self) -> tuple[Question, ...]:
        """The open questions; a key asked in several places names its file or sheet.

        What is asked with the same choices about each sheet of a file is asked once.
        """
        return self._as_questions(self._open)

    def offers(self) -> tuple[Question, ...]:
        """Questions without an answer that nothing waits for."""
        return self._as_questions(self._offered)

    def _as_questions(self, waiting: Iterable[_Asked]) -> tuple[Question, ...]:
        found: list[Question] = []
        for asked in waiting:
            alike = self._alike(asked)
            key = self._full_key(asked, alike)
            message = asked.message
            if len(alike) > 1:
                if any(q.key == key and q.file == asked.location.file for q in found):
                    continue
                message = Message(
                    "{question} (The same is asked for the sheets {sheets})",
                    question=asked.message,
                    sheets=first_few([a.location.sheet for a in alike[1:]], 6),
                )
            found.append(
                Question(
                    key=key,
                    message=message,
                    choices=asked.choices,
                    file=asked.location.file,
                )
            )
        return tuple(found)

    def _alike(self, asked: _Asked) -> list[_Asked]:
        """The same question about several sheets of one file; itself alone where they differ."""
        values = [c.value for c in asked.choices]
        same = [
            a for a in self._asked if a.key == asked.key and a.location.file == asked.location.file
        ]
        if len({a.location.of_table for a in same}) < 2 or any(
            [c.value for c in a.choices] != values for a in same
        ):
            return [asked]
        return list({a.location.of_table: a for a in same}.values())

    def _full_key(self, asked: _Asked, alike: Sequence[_Asked]) -> str:
        places = {a.location.of_table for a in self._asked if a.key == asked.key}
        files = {file for file, _, _ in places}
        if len(places) == 1 or (len(alike) == len(places) and len(files) == 1):
            return asked.key
        if len(files) == len(places) or len(alike) > 1:
            return f"{asked.key}@{asked.location.file}"
        if sum(place[:2] == asked.location.of_table[:2] for place in places) > 1:
            return _table_key(asked.key, asked.location)
        return f"{asked.key}@{asked.location.file}/{asked.location.sheet}"
