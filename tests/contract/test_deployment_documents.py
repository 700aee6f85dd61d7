"""The container file and the security document say what is so."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest


@pytest.fixture(scope="module")
def container(repository):
    return (repository / "Containerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def security(repository):
    return (repository / "docs/security.md").read_text(encoding="utf-8")


def test_the_container_does_not_run_as_root(container):
    users = re.findall(r"^USER (\d+):(\d+)$", container, re.MULTILINE)
    assert [(int(u) > 0, int(g) > 0) for u, g in users] == [(True, True)]
    assert container.index("USER ") < container.index('CMD ["streamlit"')


def test_the_container_copies_what_is_there_and_nothing_else(container, repository):
    sources = re.findall(r"^COPY (\S+) \S+$", container, re.MULTILINE)
    assert set(sources) == {
        "requirements.lock",
        "app.py",
        ".streamlit/config.toml",
        "sm_tracker",
        "sample_data",
        "static",
        "docs/methods.md",
    }
    assert [s for s in sources if not (repository / s).exists()] == []


def test_the_container_installs_nothing_but_what_was_locked_with_hashes(container):
    installed = re.findall(r"^RUN (pip install .+)$", container, re.MULTILINE)
    assert installed == ["pip install --require-hashes --only-binary :all: -r requirements.lock"]


def test_the_container_holds_no_secret(container):
    assert re.findall(r"(?i)^(?:ENV|ARG).*(?:password|secret|token|_url)", container, re.M) == []


def test_the_container_keeps_records_on_its_volume_and_asks_the_real_health_page(container):
    assert "SM_TRACKER_DATA_FOLDER=/records" in container
    assert "VOLUME /records" in container
    assert "/_stcore/health" in container


def test_every_test_the_security_document_names_is_there(security, repository):
    named = set(re.findall(r"`(tests/\S+?\.py)`", security))
    assert len(named) >= 10
    assert [n for n in sorted(named) if not (repository / n).is_file()] == []


def test_every_row_of_the_threats_names_a_test(security):
    section = security.split("## Against whom")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 18
    unproven = [r for r in rows if "`tests/" not in r and "the same" not in r]
    assert unproven == []


THE_SAME_FOR_EVERYBODY = {
    *("_database", "sample_analysis", "_survey"),
    *("_registry", "_registry_view", "_registry_courses"),  # whoever may see the run; of one folder
}


def test_every_cache_of_the_pages_has_the_acting_person_in_its_key_or_is_of_one_session(
    repository,
):
    found = {}
    for path in sorted((repository / "sm_tracker/ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                marks = [ast.unparse(d) for d in node.decorator_list]
                if any("st.cache_" in m for m in marks):
                    own = "scope='session'" in " ".join(marks)
                    found[node.name] = own or "who" in [a.arg for a in node.args.args]
    assert {"_stored", "_stored_all", "_previewed"} <= found.keys()
    assert {name for name, kept_apart in found.items() if not kept_apart} == THE_SAME_FOR_EVERYBODY


def test_the_roles_of_the_security_document_are_those_of_the_store(security):
    from sm_tracker.store import ROLES

    section = security.split("## Roles")[1].split("##")[0]
    assert tuple(re.findall(r"^\| (viewer|editor|admin) \|", section, re.M)) == ROLES


def test_the_shipped_settings_keep_the_dashboard_on_this_machine(repository):
    shipped = tomllib.loads((repository / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert shipped["server"]["address"] == "127.0.0.1"
    assert shipped["server"]["maxUploadSize"] <= 25
    assert shipped["browser"]["gatherUsageStats"] is False
    assert shipped["client"]["showErrorDetails"] == "none"
    for switch in ("enableXsrfProtection", "enableCORS"):
        assert shipped["server"].get(switch, True) is True
    for opening in ("trustedUserHeaders", "enableAgentApi", "corsAllowedOrigins"):
        assert opening not in shipped["server"]


def test_the_access_file_of_the_document_is_one_that_works(security):
    from sm_tracker.workflow.access import rules_from

    text = next(t for t in re.findall(r"```toml\n(.*?)```", security, re.S) if "[[person]]" in t)
    rules = rules_from(tomllib.loads(text))
    assert [e.role for e in (*rules.people, *rules.groups)] == ["editor", "admin", "viewer"]


def test_the_container_opens_to_everybody_only_by_the_word_that_the_program_knows(
    container, security
):
    from sm_tracker.config import OPEN_WORD

    words = re.findall(r"SM_TRACKER_OPEN_TO=(\S+)", container + security)
    assert set(words) == {OPEN_WORD}
    assert not re.search(r"^(?:ENV|CMD).*OPEN_TO", container, re.M)


def test_no_secret_lies_in_the_repository(repository):
    ignored = (repository / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".streamlit/secrets.toml" in ignored
    assert "*.sqlite3" in ignored
