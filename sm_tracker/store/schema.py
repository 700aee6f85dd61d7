"""The tables. Every row of a clinic carries the clinic's name, so that no query can forget it."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

from sm_tracker.domain.record_fields import LONGEST_NAME
from sm_tracker.domain.record_rules import (
    EVENT_RULES,
    MEASUREMENT_RULES,
    OUTCOME_RULES,
    THERAPY_RULES,
)
from sm_tracker.domain.records import (
    LIMITS_FROM_TAGS,
    Event,
    Measurement,
    OutcomeReading,
    TherapyPeriod,
)
from sm_tracker.store.record_rules_sql import constraints_of, dates, days, within_limits

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
KEY = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """All tables of the store."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text()}


class Clinic(Base):
    """The owner of rows. A trigger gives each new clinic an empty audit trail."""

    __tablename__ = "clinic"
    __table_args__ = (CheckConstraint("clinic <> ''", name="named"),)

    clinic: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[str]


class Owned:
    """A row that belongs to one clinic; every query of a session is narrowed to it."""

    @declared_attr
    def clinic(cls) -> Mapped[str]:
        """The owner."""
        return mapped_column(ForeignKey("clinic.clinic"))


class Keyed(Owned):
    """An owned row with a number that is never given twice, not even after an erasure."""

    id: Mapped[int] = mapped_column(KEY, Identity(), primary_key=True)


def _table(*constraints: object) -> tuple[object, ...]:
    return (*constraints, {"sqlite_autoincrement": True})


def _of_patient() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["clinic", "patient_key"], ["patient.clinic", "patient.id"])


def _of_batch() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["clinic", "batch_id"], ["import_batch.clinic", "import_batch.id"])


def _not_beyond() -> Any:
    return mapped_column(default=False, server_default=false())


class Patient(Keyed, Base):
    """A pseudonymous code, or after an erasure the empty place of one."""

    __tablename__ = "patient"
    __table_args__ = _table(
        UniqueConstraint("clinic", "code"),
        UniqueConstraint("clinic", "id"),
        CheckConstraint("(code IS NULL) = (erased_at IS NOT NULL)", name="code_or_tombstone"),
        CheckConstraint("code <> ''", name="code_given"),
        within_limits(f"length(code) <= {LONGEST_NAME}"),
    )

    code: Mapped[str | None]
    erased_at: Mapped[str | None]
    beyond_limits: Mapped[bool] = _not_beyond()


class ClinicalRow(Keyed):
    """What measurements, therapy periods, outcome values and events share."""

    patient_key: Mapped[int] = mapped_column(KEY)
    batch_id: Mapped[int | None] = mapped_column(KEY)
    version: Mapped[int] = mapped_column(Integer, default=1)
    mark: Mapped[str] = mapped_column(default="")
    mark_reason: Mapped[str] = mapped_column(default="")
    imported_digest: Mapped[str] = mapped_column(default="")
    note: Mapped[str]
    file: Mapped[str]
    sheet: Mapped[str]
    row: Mapped[int | None] = mapped_column(BigInteger)
    beyond_limits: Mapped[bool] = _not_beyond()


def _clinical(table: str, *constraints: object) -> tuple[object, ...]:
    return _table(
        _of_patient(),
        _of_batch(),
        CheckConstraint("mark IN ('', 'removed', 'undone')", name="mark_known"),
        Index(f"ix_{table}_clinic_patient_key", "clinic", "patient_key"),
        *constraints,
    )


def _later() -> Any:
    """A text that came with a later version of the tables; blank in the rows of before."""
    return mapped_column(default="", server_default="")


class MeasurementRow(ClinicalRow, Base):
    """One reading of skin thickness."""

    __tablename__ = "measurement"
    __table_args__ = _clinical(
        "measurement",
        *constraints_of(Measurement, MEASUREMENT_RULES, without=("patient_id", "assumed")),
    )

    date: Mapped[dt.date | None]
    day: Mapped[int | None] = mapped_column(BigInteger)
    site: Mapped[str]
    side: Mapped[str]
    layer: Mapped[str]
    thickness_mm: Mapped[float | None]
    qualifier: Mapped[str]
    status: Mapped[str]
    replicate: Mapped[int | None] = mapped_column(BigInteger)
    device: Mapped[str]
    frequency_mhz: Mapped[float | None]
    velocity_m_s: Mapped[float | None]
    examiner: Mapped[str]
    sd_mm: Mapped[float | None]
    approximate: Mapped[bool]
    site_text: Mapped[str]
    doubt: Mapped[str] = _later()
    doubt_reason: Mapped[str] = _later()


class TherapyRow(ClinicalRow, Base):
    """One course of one regimen; its sessions stand in their own table."""

    __tablename__ = "therapy_period"
    __table_args__ = _clinical(
        "therapy_period",
        UniqueConstraint("clinic", "id"),
        *constraints_of(
            TherapyPeriod,
            THERAPY_RULES,
            without=("patient_id", "session_dates", *LIMITS_FROM_TAGS),
        ),
    )

    therapy: Mapped[str]
    start: Mapped[dt.date | None]
    start_day: Mapped[int | None] = mapped_column(BigInteger)
    end: Mapped[dt.date | None]
    end_day: Mapped[int | None] = mapped_column(BigInteger)
    end_status: Mapped[str]
    date_precision: Mapped[str]
    end_date_precision: Mapped[str]
    period_id: Mapped[str]
    kind: Mapped[str]
    dose: Mapped[str]
    cycles: Mapped[int | None] = mapped_column(BigInteger)
    route: Mapped[str]
    stop_reason: Mapped[str]
    show_in_figure: Mapped[bool]
    therapy_text: Mapped[str]
    dates_derived: Mapped[bool]
    starts_after: Mapped[str] = _later()
    starts_by: Mapped[str] = _later()
    ends_after: Mapped[str] = _later()
    ends_by: Mapped[str] = _later()

    sessions: Mapped[list[TherapySession]] = relationship(
        order_by="TherapySession.position", cascade="all, delete-orphan", lazy="selectin"
    )


class TherapySession(Keyed, Base):
    """One session of a course, in the order written down."""

    __tablename__ = "therapy_session"
    __table_args__ = _table(
        ForeignKeyConstraint(
            ["clinic", "therapy_key"], ["therapy_period.clinic", "therapy_period.id"]
        ),
        Index("ix_therapy_session_therapy_key", "therapy_key"),
        CheckConstraint("(date IS NULL) <> (day IS NULL)", name="date_or_day"),
        within_limits(f"{dates('date')} AND {days('day')}"),
    )

    therapy_key: Mapped[int] = mapped_column(KEY)
    position: Mapped[int]
    date: Mapped[dt.date | None]
    day: Mapped[int | None] = mapped_column(BigInteger)
    beyond_limits: Mapped[bool] = _not_beyond()


class OutcomeRow(ClinicalRow, Base):
    """One value of a second outcome."""

    __tablename__ = "outcome_reading"
    __table_args__ = _clinical(
        "outcome_reading",
        *constraints_of(OutcomeReading, OUTCOME_RULES, without=("patient_id",)),
    )

    date: Mapped[dt.date | None]
    day: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str]
    value: Mapped[float]
    unit: Mapped[str]
    better: Mapped[str]
    doubt: Mapped[str] = _later()
    doubt_reason: Mapped[str] = _later()


class EventRow(ClinicalRow, Base):
    """One event; its table is not called 'event', which SQL reserves."""

    __tablename__ = "clinical_event"
    __table_args__ = _clinical(
        "clinical_event",
        *constraints_of(Event, EVENT_RULES, without=("patient_id",)),
    )

    date: Mapped[dt.date | None]
    day: Mapped[int | None] = mapped_column(BigInteger)
    event: Mapped[str]
    kind: Mapped[str]
    date_precision: Mapped[str]


class ImportBatch(Keyed, Base):
    """One import as a whole: who, when, the answers given and what was noticed."""

    __tablename__ = "import_batch"
    __table_args__ = _table(UniqueConstraint("clinic", "id"))

    imported_at: Mapped[str]
    imported_by: Mapped[str]
    answers: Mapped[str]
    findings: Mapped[str]
    undone_at: Mapped[str | None]
    undone_by: Mapped[str | None]
    salt: Mapped[str] = _later()

    files: Mapped[list[ImportFile]] = relationship(order_by="ImportFile.id", lazy="selectin")


class ImportFile(Keyed, Base):
    """One file of an import, known again by its SHA-256."""

    __tablename__ = "import_file"
    __table_args__ = _table(_of_batch(), Index("ix_import_file_clinic_sha256", "clinic", "sha256"))

    batch_id: Mapped[int] = mapped_column(KEY)
    name: Mapped[str]
    sha256: Mapped[str]


class ImportPatient(Owned, Base):
    """Which patients an import touched, so that an erasure finds its findings."""

    __tablename__ = "import_patient"
    __table_args__ = (_of_batch(), _of_patient())

    batch_id: Mapped[int] = mapped_column(KEY, primary_key=True)
    patient_key: Mapped[int] = mapped_column(KEY, primary_key=True)


class RememberedAnswers(Owned, Base):
    """Answers given once for files with the same header."""

    __tablename__ = "remembered_answers"

    clinic: Mapped[str] = mapped_column(ForeignKey("clinic.clinic"), primary_key=True)
    signature: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[str]
    saved_at: Mapped[str]
    saved_by: Mapped[str]
    salt: Mapped[str] = _later()


class SavedSettings(Keyed, Base):
    """Settings as they stood from a moment on; never changed, only followed by others."""

    __tablename__ = "saved_settings"
    __table_args__ = _table(Index("ix_saved_settings_clinic", "clinic"))

    saved_at: Mapped[str]
    saved_by: Mapped[str]
    settings_id: Mapped[str]
    content: Mapped[str]


class ViewState(Owned, Base):
    """What a person looked at last; no clinical record, so not audited."""

    __tablename__ = "view_state"

    clinic: Mapped[str] = mapped_column(ForeignKey("clinic.clinic"), primary_key=True)
    by_user: Mapped[str] = mapped_column(primary_key=True)
    patient_key: Mapped[int | None] = mapped_column(KEY)
    content: Mapped[str]


class SignIn(Owned, Base):
    """One sign-in, known by a digest of what the identity provider said, until it is ended."""

    __tablename__ = "sign_in"

    clinic: Mapped[str] = mapped_column(ForeignKey("clinic.clinic"), primary_key=True)
    token: Mapped[str] = mapped_column(primary_key=True)
    by_user: Mapped[str]
    began_at: Mapped[str]
    ended_at: Mapped[str | None]


class AuditHead(Owned, Base):
    """Length and last hash of a clinic's audit trail; only a trigger moves it."""

    __tablename__ = "audit_head"

    clinic: Mapped[str] = mapped_column(ForeignKey("clinic.clinic"), primary_key=True)
    entries: Mapped[int] = mapped_column(BigInteger)
    entry_hash: Mapped[str]


class AuditEntry(Owned, Base):
    """One change. What it said (before, after, reason) can be blanked by an erasure only."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_clinic_entity_entity_id", "clinic", "entity", "entity_id"),
        Index("ix_audit_entry_clinic_patient_key", "clinic", "patient_key"),
        Index("ix_audit_entry_clinic_batch_id", "clinic", "batch_id"),
    )

    clinic: Mapped[str] = mapped_column(ForeignKey("clinic.clinic"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str]
    by_user: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[int] = mapped_column(BigInteger)
    patient_key: Mapped[int | None] = mapped_column(BigInteger)
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[str | None]
    after: Mapped[str | None]
    reason: Mapped[str | None]
    salt: Mapped[str | None]
    content_hash: Mapped[str]
    previous_hash: Mapped[str]
    entry_hash: Mapped[str]
    redacted_by: Mapped[int | None] = mapped_column(BigInteger)
