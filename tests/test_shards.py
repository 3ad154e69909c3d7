"""The guard itself: what it lets pass and what it stops."""

import pytest

from tests.shards import offence

T = '"registry_premises"'


@pytest.mark.parametrize(
    "sql",
    [
        f'SELECT {T}."id" FROM {T} WHERE {T}."district_id" = %s',
        f'UPDATE {T} SET "state" = %s WHERE ({T}."district_id" = %s AND {T}."id" = %s)',
        f'DELETE FROM {T} WHERE ({T}."district_id" = %s)',
        'SELECT "core_user"."id" FROM "core_user" WHERE "core_user"."id" = %s',
        f'INSERT INTO {T} ("id") VALUES (%s)',
        f'SELECT U0."id" FROM {T} U0 INNER JOIN "registry_area" T4 ON (U0."area_id" = T4."id" AND (U0."district_id" = T4."district_id")) '
        'WHERE U0."district_id" = %s',
    ],
)
def test_a_statement_that_names_its_district_passes(sql: str) -> None:
    assert offence(sql) == ""


@pytest.mark.parametrize(
    "sql",
    [
        f'SELECT {T}."id", {T}."district_id" FROM {T} WHERE {T}."id" = %s',
        f'UPDATE {T} SET "state" = %s WHERE {T}."id" = %s',
        f'SELECT 1 FROM {T} INNER JOIN "registry_area" ON ({T}."area_id" = "registry_area"."id") WHERE {T}."district_id" = %s',
        f'SELECT 1 FROM {T} U0 INNER JOIN "registry_area" T4 ON (U0."district_id" = T4."district_id")',
    ],
)
def test_a_statement_without_its_district_is_an_offence(sql: str) -> None:
    assert offence(sql)
