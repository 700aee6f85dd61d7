"""Write docs/findings.md from the catalogue of findings and the keys of the questions.

Run ``python -m docs.make_findings`` in the root of the checkout after changing either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sm_tracker.ingest.messages.finding_kinds import KINDS, FindingKind
from sm_tracker.ingest.messages.questions import KEYS, PREFIXES

DOCUMENT = Path(__file__).parent / "findings.md"
INTRODUCTION = """\
# Findings and questions

Whatever the import assumes, changes or leaves out becomes a finding with a stable code, its \
file, sheet, row, column and the cell as written. What only a person can settle becomes a \
question, and nothing is stored until it is answered. This document is written from the code by \
`python -m docs.make_findings`; a test keeps the two equal.

| level | means |
| --- | --- |
| info | read as it stands; said for the record |
| warning | something was assumed, changed or left out |
| error | a row or a file was refused |

Of one code, a file lists its first 1,000 findings one by one and counts the rest. The ways in \
which files break, and which codes then show, are in [clinic files](clinic_files.md)."""
QUESTIONS = """\
## Questions

Answer on the Import page or with `--answer KEY=VALUE`. Where several files or sheets ask the \
same, the key names its place: `unit@january.csv=mm`, `unit@both.xlsx/Sheet1=um`. Each question \
names its choices and what each of them would give."""


def findings_document() -> str:
    """The text of docs/findings.md."""
    parts = [INTRODUCTION]
    sections: dict[str, dict[str, FindingKind]] = {}
    for code, kind in KINDS.items():
        sections.setdefault(kind.section, {})[code] = kind
    parts += ["\n".join(_section(title, kinds)) for title, kinds in sections.items()]
    parts += [QUESTIONS, "\n".join(_keys())]
    return "\n\n".join(parts) + "\n"


def _section(title: str, kinds: Mapping[str, FindingKind]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| code | level | what | example | what to do |"
    yield "| --- | --- | --- | --- | --- |"
    for code, kind in kinds.items():
        cells = (f"`{code}`", kind.level, kind.what, f"`{kind.example}`", kind.fix)
        yield _line(*cells)


def _keys() -> Iterator[str]:
    yield "| key | decides |"
    yield "| --- | --- |"
    for key, meaning in KEYS.items():
        yield _line(f"`{key}`", meaning)
    for prefix, meaning in PREFIXES.items():
        yield _line(f"`{prefix}…`", meaning)


def _line(*cells: str) -> str:
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(findings_document(), encoding="utf-8")


if __name__ == "__main__":
    main()
