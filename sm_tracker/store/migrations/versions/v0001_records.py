"""Records: clinics, patients, measurements, therapy periods, outcomes, imports, settings.

A migration is frozen: it repeats what it needs instead of importing it, because the program
around it moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "clinic",
        _text("clinic", primary_key=True),
        _text("created_at"),
        sa.CheckConstraint("clinic <> ''", name="named"),
    )
    _patients_and_imports()
    _measurements()
    _therapies()
    _outcomes()
    _choices()


def _patients_and_imports() -> None:
    _create(
        "patient",
        _text("code", nullable=True),
        _text("erased_at", nullable=True),
        sa.UniqueConstraint("clinic", "code"),
        sa.UniqueConstraint("clinic", "id"),
        sa.CheckConstraint("(code IS NULL) = (erased_at IS NOT NULL)", name="code_or_tombstone"),
        sa.CheckConstraint("code <> ''", name="code_given"),
    )
    _create(
        "import_batch",
        _text("imported_at"),
        _text("imported_by"),
        _text("answers"),
        _text("findings"),
        _text("undone_at", nullable=True),
        _text("undone_by", nullable=True),
        sa.UniqueConstraint("clinic", "id"),
    )
    _create(
        "import_file",
        sa.Column("batch_id", KEY, nullable=False),
        _text("name"),
        _text("sha256"),
        _of("import_batch", "batch_id"),
    )
    op.create_index("ix_import_file_clinic_sha256", "import_file", ["clinic", "sha256"])
    op.create_table(
        "import_patient",
        sa.Column("batch_id", KEY, primary_key=True),
        sa.Column("patient_key", KEY, primary_key=True),
        _owner(),
        _of("import_batch", "batch_id"),
        _of("patient", "patient_key"),
    )


def _measurements() -> None:
    _clinical(
        "measurement",
        _date("date"),
        _whole("day"),
        *map(_text, ("site", "side", "layer", "qualifier", "status", "device", "examiner")),
        _text("site_text"),
        *map(_number, ("thickness_mm", "frequency_mhz", "velocity_m_s", "sd_mm")),
        _whole("replicate"),
        _flag("approximate"),
        sa.CheckConstraint("(date IS NULL) <> (day IS NULL)", name="date_or_day"),
        sa.CheckConstraint("thickness_mm > 0", name="thickness_positive"),
        sa.CheckConstraint("status <> 'ok' OR thickness_mm IS NOT NULL", name="value_if_ok"),
        sa.CheckConstraint("qualifier IN ('', '<', '>')", name="qualifier_known"),
        sa.CheckConstraint(
            "status IN ('ok', 'not_measurable', 'beyond_depth')", name="status_known"
        ),
        sa.CheckConstraint("side IN ('', 'left', 'right')", name="side_known"),
        sa.CheckConstraint("site <> ''", name="site_given"),
    )


def _therapies() -> None:
    _clinical(
        "therapy_period",
        *map(_date, ("start", "end")),
        *map(_whole, ("start_day", "end_day", "cycles")),
        *map(_text, ("therapy", "end_status", "date_precision", "end_date_precision")),
        *map(_text, ("period_id", "kind", "dose", "route", "stop_reason", "therapy_text")),
        *map(_flag, ("show_in_figure", "dates_derived")),
        sa.UniqueConstraint("clinic", "id"),
        sa.CheckConstraint('("start" IS NULL) <> (start_day IS NULL)', name="start_or_start_day"),
        sa.CheckConstraint(
            "date_precision <> 'day' OR end_date_precision NOT IN ('', 'day') OR "
            '("end" >= "start" AND end_day >= start_day)',
            name="end_after_start",
        ),
        sa.CheckConstraint(
            "end_status = 'ended' OR (\"end\" IS NULL AND end_day IS NULL)", name="end_if_ended"
        ),
        sa.CheckConstraint(
            "end_status IN ('ended', 'ongoing', 'unknown')", name="end_status_known"
        ),
        sa.CheckConstraint("date_precision IN ('day', 'month', 'year')", name="precision_known"),
        sa.CheckConstraint(
            "end_date_precision IN ('', 'day', 'month', 'year')", name="end_precision_known"
        ),
        sa.CheckConstraint(
            "kind IN ('', 'continuous', 'cyclic', 'pulse', 'taper', 'single')", name="kind_known"
        ),
        sa.CheckConstraint("therapy <> ''", name="therapy_given"),
    )
    _create(
        "therapy_session",
        sa.Column("therapy_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _date("date"),
        _whole("day"),
        _of("therapy_period", "therapy_key"),
        sa.CheckConstraint("(date IS NULL) <> (day IS NULL)", name="date_or_day"),
    )
    op.create_index("ix_therapy_session_therapy_key", "therapy_session", ["therapy_key"])


def _outcomes() -> None:
    _clinical(
        "outcome_reading",
        _date("date"),
        _whole("day"),
        *map(_text, ("outcome", "unit", "better")),
        sa.Column("value", sa.Double(), nullable=False),
        sa.CheckConstraint("(date IS NULL) <> (day IS NULL)", name="date_or_day"),
        sa.CheckConstraint("better IN ('lower', 'higher')", name="better_known"),
        sa.CheckConstraint("outcome <> ''", name="outcome_given"),
    )


def _choices() -> None:
    op.create_table(
        "remembered_answers",
        _owner(primary_key=True),
        _text("signature", primary_key=True),
        *map(_text, ("answers", "saved_at", "saved_by")),
    )
    _create("saved_settings", *map(_text, ("saved_at", "saved_by", "settings_id", "content")))
    op.create_index("ix_saved_settings_clinic", "saved_settings", ["clinic"])
    op.create_table(
        "view_state",
        _owner(primary_key=True),
        _text("by_user", primary_key=True),
        sa.Column("patient_key", KEY),
        _text("content"),
    )


def _clinical(name: str, *parts: sa.schema.SchemaItem) -> None:
    _create(
        name,
        *parts,
        sa.Column("patient_key", KEY, nullable=False),
        sa.Column("batch_id", KEY),
        sa.Column("version", sa.Integer(), nullable=False),
        *map(_text, ("mark", "mark_reason", "imported_digest", "note", "file", "sheet")),
        _whole("row"),
        _of("patient", "patient_key"),
        _of("import_batch", "batch_id"),
        sa.CheckConstraint("mark IN ('', 'removed', 'undone')", name="mark_known"),
    )
    op.create_index(f"ix_{name}_clinic_patient_key", name, ["clinic", "patient_key"])


def _create(name: str, *parts: sa.schema.SchemaItem) -> None:
    identity = sa.Column("id", KEY, sa.Identity(), primary_key=True)
    op.create_table(name, identity, _owner(), *parts, sqlite_autoincrement=True)


def _owner(primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "clinic",
        sa.Text(),
        sa.ForeignKey("clinic.clinic"),
        nullable=False,
        primary_key=primary_key,
    )


def _of(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["clinic", column], [f"{table}.clinic", f"{table}.id"])


def _text(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, primary_key=primary_key)


def _date(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date())


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger())


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double())


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)
