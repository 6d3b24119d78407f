"""What several machines must have in common before they work together, seen to before anything is started."""

from urllib.error import HTTPError, URLError
from urllib.request import Request

from sqlalchemy.engine import make_url

from domain.problems import Problem, ProblemKind
from services.settings import DATABASE_URL, PREFIX, Settings
from tasks.engine import authorization, open_own

POOL = "guanai"
"""The pool's name; one server carries one plan, so that it needs no name of its own."""

MARK = ".guanai-shared"
"""Lies in the folder of reports that all machines share: one that does not see it has another folder."""
_SECONDS = 5


def see_common(settings: Settings) -> None:
    """See that store and reports can be reached from other machines.

    Raises:
        Problem: 805 where the store is one machine's own; 806 where no folder of reports is named.
    """
    if make_url(settings.store_url).get_backend_name() == "sqlite":
        raise Problem(ProblemKind.STORE_NOT_SHARED, name=DATABASE_URL)
    if settings.reports is None:
        raise Problem(ProblemKind.REPORTS_NOT_SHARED, folder=settings.reports_folder)


def see_engine_database(settings: Settings) -> None:
    """See that the engine has a database that stands many workers, and its own.

    Raises:
        Problem: 805 where it has none; 301 where it is the store's.
    """
    name = f"{PREFIX}ENGINE_DATABASE_URL"
    if not settings.engine_database_url:
        raise Problem(ProblemKind.STORE_NOT_SHARED, name=name)
    if settings.engine_database_url == settings.database_url:
        found, mend = f"与 {DATABASE_URL} 是同一个库", "请为流程引擎另建一个库。"
        raise Problem(ProblemKind.SETTING_INVALID, name=name, found=found, mend=mend)


def mark_reports(settings: Settings) -> None:
    """Leave the mark in the folder of reports, for workers to find."""
    settings.reports_folder.mkdir(parents=True, exist_ok=True)
    (settings.reports_folder / MARK).touch()


def see_reports(settings: Settings) -> None:
    """See that this machine's folder of reports is the one that all share.

    Raises:
        Problem: 806 where it is not.
    """
    if not (settings.reports_folder / MARK).is_file():
        raise Problem(ProblemKind.REPORTS_NOT_SHARED, folder=settings.reports_folder)


def see_pool(engine: str, password: str) -> None:
    """See that the engine answers, takes the password, and has the pool.

    Args:
        engine: its address, without ``/api``.
        password: what it asks for; empty for nothing.

    Raises:
        Problem: 807 where nobody answers; 808 where the password is refused; 809 where there is no pool.
    """
    asked = Request(f"{engine}/api/work_pools/{POOL}", headers=authorization(password))  # noqa: S310 - as told by the operator
    try:
        with open_own(asked, timeout=_SECONDS):
            return
    except HTTPError as error:
        refused = ProblemKind.ENGINE_PASSWORD if error.code in {401, 403} else ProblemKind.POOL_MISSING
        raise Problem(refused, engine=engine) from error
    except (URLError, OSError, ValueError) as error:
        raise Problem(ProblemKind.ENGINE_UNREACHABLE, engine=engine) from error
