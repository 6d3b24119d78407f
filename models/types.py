"""Column types that come back as they went in, on SQLite and on PostgreSQL alike."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, DateTime, Dialect, Numeric, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

from domain.canonical import decimal_text
from domain.workdays import BEIJING


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC (SQLite has no zones) and given back in 北京时间."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To UTC.

        Raises:
            ValueError: for a moment without a zone, which nobody could place later.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """From UTC to 北京时间."""
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(BEIJING)


class Exact(TypeDecorator[Decimal]):
    """A decimal of up to 16 digits before the point and 4 after it; SQLite keeps it as text, not as a float."""

    impl = Numeric(20, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, which knows no exact decimals."""
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else Numeric(20, 4))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        """The shortest exact form."""
        if value is None or dialect.name != "sqlite":
            return value
        return decimal_text(value)

    def process_result_value(self, value: Decimal | str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The same decimal from either database: without trailing zeros."""
        return None if value is None else Decimal(decimal_text(Decimal(value)))


class beijing_day(GenericFunction[date]):  # noqa: N801 - it reads as a function of SQL
    """The day in 北京时间 of a stored moment."""

    type = Date()
    inherit_cache = True


@compiles(beijing_day, "sqlite")
def _day_in_sqlite(element: beijing_day, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(beijing_day, "postgresql")
def _day_in_postgresql(element: beijing_day, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} AT TIME ZONE 'Asia/Shanghai')::date"
