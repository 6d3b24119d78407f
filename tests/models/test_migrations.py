"""Migrations bring every store to where the program is, and say so where they cannot."""

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from domain.problems import Problem, ProblemKind
from models import desk, messages, people, supervision, tables
from models.engine import make_engine, migrate, open_store, reading, stored_revision, writing
from models.migrations import HEAD, REVISIONS
from models.migrations.config import alembic_config
from services.places import PROJECT

_START = "import sys; from models.engine import open_store; open_store(sys.argv[1]); print('alembic' in sys.modules)"


def _start(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _START, url],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_models_and_migrations_describe_the_same_store(blank_url: str) -> None:
    engine = open_store(blank_url)
    (metadata,) = {module.Row.metadata for module in (tables, people, desk, messages, supervision)}
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert differences == []


def test_the_program_knows_every_revision_in_its_order() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    found = tuple(script.revision for script in scripts.walk_revisions())
    assert found[::-1] == REVISIONS


def test_a_later_start_does_not_load_alembic(store_url: str) -> None:
    output, errors = _start(store_url).communicate()
    assert (output, errors) == ("False\n", "")


def test_programs_that_start_at_once_on_an_empty_store_all_start(blank_url: str) -> None:
    starts = [_start(blank_url) for _ in range(4)]
    errors = [start.communicate()[1] for start in starts]
    assert errors == [""] * 4
    engine = make_engine(blank_url)
    with reading(engine) as session:
        assert stored_revision(session.connection()) == HEAD
        assert session.scalar(text("SELECT count(*) FROM audit_head")) == 1
    engine.dispose()


def test_a_store_of_a_newer_program_is_refused_and_left_alone(store_url: str) -> None:
    engine = make_engine(store_url)
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Problem) as refusal:
        migrate(engine)
    assert refusal.value.kind is ProblemKind.STORE_NEWER
    with reading(engine) as session:
        assert stored_revision(session.connection()) == "9999"
    engine.dispose()


def test_a_store_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(Problem) as refusal:
        open_store("postgresql://clerk:opensesame@127.0.0.1:1/guanai")
    assert refusal.value.kind is ProblemKind.STORE_UNREACHABLE
    assert "opensesame" not in str(refusal.value)
