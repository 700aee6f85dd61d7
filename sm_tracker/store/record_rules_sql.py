"""The description of each record as rules of the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CheckConstraint

from sm_tracker.domain.record_fields import FIRST_DATE, LAST_DATE, LAST_DAY, FieldRule, rules_of
from sm_tracker.domain.record_rules import RESERVED, RowRule

BEYOND = "beyond_limits"
"""Column of the rows that an older version stored with a value beyond the limits of this one."""


def constraints_of(
    kind: type[Any], rules: tuple[RowRule, ...], *, without: tuple[str, ...] = ()
) -> Iterator[CheckConstraint]:
    """What must hold in the table of a kind of record.

    Parameters
    ----------
    kind : type
        A kind of record.
    rules : tuple of RowRule
        Between its fields.
    without : tuple of str
        Fields that stand in another table.
    """
    fields = {n: r for n, r in rules_of(kind).items() if n not in without}
    for name, rule in fields.items():
        if rule.kind == "word":
            words = ", ".join(f"'{word}'" for word in rule.words)
            short = name.replace("date_", "")
            yield CheckConstraint(f"{column(name)} IN ({words})", name=f"{short}_known")
        elif rule.above == 0:
            short = name.removesuffix("_mm")
            yield CheckConstraint(f"{column(name)} > 0", name=f"{short}_positive")
        elif rule.needed and rule.kind in ("label", "name"):
            yield CheckConstraint(f"{column(name)} <> ''", name=f"{name}_given")
    for row_rule in rules:
        if row_rule.sql:
            yield CheckConstraint(row_rule.sql, name=row_rule.name)
    yield within_limits(" AND ".join(sql for n, r in fields.items() for sql in _limits(n, r)))


def within_limits(sql: str) -> CheckConstraint:
    """The limits of a row, which rows of before may be beyond."""
    return CheckConstraint(f"{BEYOND} OR ({sql})", name="within_limits")


def column(name: str) -> str:
    """A column as SQL names it."""
    return f'"{name}"' if name in RESERVED else name


def _limits(name: str, rule: FieldRule) -> Iterator[str]:
    if rule.longest:
        yield f"length({column(name)}) <= {rule.longest}"
    elif rule.kind == "date":
        yield dates(name)
    else:
        yield from _range(name, rule.least, rule.most)


def _range(name: str, least: float | None, most: float | None) -> Iterator[str]:
    if least is not None:
        yield f"{column(name)} >= {least:.0f}"
    if most is not None:
        yield f"{column(name)} <= {most:.0f}"


def dates(name: str) -> str:
    """The limits of a date."""
    return f"{column(name)} BETWEEN '{FIRST_DATE}' AND '{LAST_DATE}'"


def days(name: str) -> str:
    """The limits of a day number."""
    return f"{column(name)} BETWEEN {-LAST_DAY} AND {LAST_DAY}"
