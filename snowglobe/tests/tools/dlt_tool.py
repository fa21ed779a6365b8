"""dlt's own steps (normalize, stage, copy) in each of its file formats; the connection alone learns where the server is."""

import datetime
import decimal

import dlt
import snowflake.connector
from checks import FOLDER, HERE, PASSWORD, check
from dlt.destinations import snowflake as destination
from dlt.destinations.impl.snowflake import sql_client

connect = snowflake.connector.connect
cursor = connect(**HERE).cursor()
for statement in ["create warehouse wh", "create database raw"]:
    cursor.execute(statement)
sql_client.snowflake_lib.connect = lambda **given: connect(**{**given, **HERE})


def pipeline(name, folder):
    target = destination(
        credentials={"database": "RAW", "username": "ADMIN", "password": PASSWORD, "host": "local", "warehouse": "WH"}
    )
    return dlt.pipeline(name, destination=target, dataset_name=name, pipelines_dir=f"{FOLDER}/{folder}")


def load(file_format):
    @dlt.resource(name="loans", write_disposition="replace")
    def loans():
        at = datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)
        yield [
            {"id": i, "rate": i / 4, "amount": decimal.Decimal("1.25"), "day": at.date(), "at": at, "state": "é" + str(i)}
            for i in range(5)
        ]

    loads = pipeline(f"loans_{file_format}", file_format)
    for _ in range(2):
        loads.run(loans(), loader_file_format=file_format)
    cursor.execute(
        f"select count(*), sum(id), sum(rate), min(amount)::varchar, min(day)::varchar,"
        f" min(convert_timezone('UTC', at))::timestamp_ntz::varchar, min(state) from raw.loans_{file_format}.loans"
    )
    return [str(value) for value in cursor.fetchone()]


def merge():
    loads = pipeline("merged", "merged")
    for name in ["first", "second"]:
        people = [{"id": 1, "name": name, "tags": ["a", "b"]}, {"id": 2, "name": "same", "tags": []}]
        loads.run(people, table_name="people", write_disposition="merge", primary_key="id", loader_file_format="jsonl")
    cursor.execute("select id, name from raw.merged.people order by id")
    found = [list(row) for row in cursor.fetchall()]
    cursor.execute("select value from raw.merged.people__tags order by value")
    return [found, [row[0] for row in cursor.fetchall()]]


for file_format in ["parquet", "csv", "jsonl"]:
    check(file_format, lambda: load(file_format))
check("merge, nested lists as tables", merge)
