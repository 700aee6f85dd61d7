"""The index-case sample, drawn in the ways that are kept as golden results."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sm_tracker.workflow import analysing, file_import, reporting
from sm_tracker.workflow.figure_choices import FigureChoices

FOLDER = Path(__file__).parent

GERMAN = FigureChoices(day_zero="ivig-1", language="de", remark="Synthetische Daten.")
FRENCH = FigureChoices(comparison=True, language="fr", remark="Données synthétiques.")
DRAWINGS: dict[str, tuple[FigureChoices, float, bool]] = {
    "timeline_85_colour": (FigureChoices(), 85.0, False),
    "timeline_85_grey": (FigureChoices(), 85.0, True),
    "timeline_180_colour": (FigureChoices(), 180.0, False),
    "timeline_180_grey": (FigureChoices(), 180.0, True),
    "by_site_180": (FigureChoices(by_site=True), 180.0, False),
    "per_cent_174": (FigureChoices(percent=True), 174.0, False),
    "days_from_ivig_180_german": (GERMAN, 180.0, False),
    "comparison_180": (FigureChoices(comparison=True), 180.0, False),
    "comparison_85_grey_french": (FRENCH, 85.0, True),
}
"""By name: what is shown, the width in mm, and whether in grey."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the golden results anew")


@pytest.fixture(scope="session")
def renew(request: pytest.FixtureRequest) -> bool:
    """Whether golden results are written instead of compared."""
    return bool(request.config.getoption("--renew", default=False))


def _loaded(name: str) -> ModuleType:
    """A module beside the tests, which pytest cannot import by name."""
    spec = importlib.util.spec_from_file_location(f"golden_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def figure_files() -> ModuleType:
    """The inspector of figure files."""
    return _loaded("figure_files")


@pytest.fixture(scope="session")
def digests() -> ModuleType:
    """What is kept of a figure as text."""
    return _loaded("digests")


@pytest.fixture(scope="session")
def models() -> dict[str, Any]:
    """The figure models by name of drawing."""
    records = file_import.sample_records()
    analysis = analysing.analyse(records)
    patient = analysing.only_patient(records, "")
    return {
        name: reporting.chosen_figure(analysis, patient, choices)
        for name, (choices, _, _) in DRAWINGS.items()
    }


@pytest.fixture(scope="session")
def drawings() -> dict[str, tuple[FigureChoices, float, bool]]:
    """What is drawn under each name."""
    return DRAWINGS


@pytest.fixture(params=list(DRAWINGS))
def drawing(request: pytest.FixtureRequest, models: dict[str, Any]) -> tuple[str, Any, float, bool]:
    """Name, figure model, width and colour of one drawing."""
    _, width, gray = DRAWINGS[request.param]
    return request.param, models[request.param], width, gray
