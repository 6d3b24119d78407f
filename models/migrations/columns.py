"""Columns and constraints as migrations write them: named alike everywhere, and nothing left to the database's choice."""

from typing import Any

import sqlalchemy as sa


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    """A whole number."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    """A text of at most so many characters."""
    return sa.Column(name, sa.String(length), nullable=nullable)


def words(name: str) -> sa.Column[str]:
    """A text of any length."""
    return sa.Column(name, sa.Text(), nullable=False)


def day(name: str) -> sa.Column[Any]:
    """A day."""
    return sa.Column(name, sa.Date(), nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A moment, with its time zone."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """The primary key of a table: ``id`` where no columns are named."""
    return sa.PrimaryKeyConstraint(*columns or ("id",), name=f"pk_{table}")


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    """A column of a table that holds the ``id`` of a row of another one."""
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Columns of a table that together have each value once."""
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")
