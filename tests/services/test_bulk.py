"""Many rows at once: none is lost or doubled, whatever their number, and they stand in their order."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, Text, select

from annotator.db import db, transaction
from annotator.services.bulk import TOGETHER, insert_rows


@pytest.mark.parametrize("count", [0, 1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER + 2])
def test_all_rows_are_stored_in_their_order(app: Flask, count: int) -> None:
    table = Table("bulk_row", MetaData(), Column("id", Integer, primary_key=True), Column("word", Text))
    rows = [(number, f"word {number}") for number in range(count)]
    with app.app_context(), transaction():
        connection = db.session.connection()
        connection.exec_driver_sql("CREATE TEMPORARY TABLE bulk_row (id INTEGER PRIMARY KEY, word TEXT)")
        try:
            insert_rows(connection, table, ("id", "word"), rows)
            assert connection.execute(select(table).order_by(table.c.id)).all() == rows
        finally:
            connection.exec_driver_sql("DROP TABLE bulk_row")
