"""pandas with the connector's own helpers."""

import json

import pandas
import snowflake.connector
from checks import HERE, check
from snowflake.connector.pandas_tools import write_pandas

connection = snowflake.connector.connect(**HERE)
cursor = connection.cursor()
for statement in ["create warehouse wh", "create database d", "create schema d.s"]:
    cursor.execute(statement)
frame = pandas.DataFrame(
    {
        "ID": [1, 2, 3],
        "NAME": ["a", None, "é"],
        "X": [1.5, None, 2.5],
        "AT": pandas.to_datetime(["2024-02-29 10:00:00", "2024-03-01 00:00:00", None]),
        "OK": [True, False, True],
    }
)


def records(table):
    cursor.execute(f"select * from {table} order by 1")
    return json.loads(cursor.fetch_pandas_all().to_json(orient="values", date_format="iso", date_unit="ms"))


def write(table, **options):
    write_pandas(connection, frame, table, use_logical_type=True, **options)
    return records(table)


def batches():
    cursor.execute("select seq4() from table(generator(rowcount => 5000))")
    return sum(len(batch) for batch in cursor.fetch_pandas_batches())


cursor.execute("create table known (id int, name varchar, x float, at timestamp_ntz, ok boolean)")
check("write_pandas", lambda: write("KNOWN"))
check("write_pandas makes a table", lambda: write("MADE", auto_create_table=True, chunk_size=2))
check("its types", lambda: [row[1] for row in cursor.execute("describe table made").fetchall()])
check("write_pandas overwrites", lambda: write("MADE", overwrite=True))
check("write_pandas makes a table anew", lambda: write("MADE", overwrite=True, auto_create_table=True))
check("write_pandas into a temporary table", lambda: write("SHORT", auto_create_table=True, table_type="temp"))
check("batches", batches)
