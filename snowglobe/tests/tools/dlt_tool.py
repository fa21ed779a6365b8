"""Ordinary use of Python tools against a server: python_tools.py PORT PASSWORD FOLDER. Prints what was seen as JSON."""

import datetime
import decimal
import json
import sys

import dlt
import pandas
import snowflake.connector
from dlt.destinations import snowflake as destination
from dlt.destinations.impl.snowflake import sql_client
from snowflake.connector.pandas_tools import pd_writer, write_pandas
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Sequence, String, Table, create_engine, inspect, select

PORT, PASSWORD, FOLDER = int(sys.argv[1]), sys.argv[2], sys.argv[3]
HERE = {"host": "127.0.0.1", "port": PORT, "protocol": "http", "account": "local"}
connect = snowflake.connector.connect
connection = connect(**HERE, user="ADMIN", password=PASSWORD)
cursor = connection.cursor()
for statement in ["create warehouse wh", "create database raw", "create schema raw.tools"]:
    cursor.execute(statement)
seen = {}


def load(file_format):
    """dlt's own steps: normalize, stage, copy; the connection alone is told where the server is."""
    sql_client.snowflake_lib.connect = lambda **given: connect(**{**given, **HERE})
    target = destination(
        credentials={"database": "RAW", "username": "ADMIN", "password": PASSWORD, "host": "local", "warehouse": "WH"}
    )
    pipeline = dlt.pipeline(
        f"loans_{file_format}",
        destination=target,
        dataset_name=f"loans_{file_format}",
        pipelines_dir=f"{FOLDER}/{file_format}",
    )

    @dlt.resource(name="loans", write_disposition="replace")
    def loans():
        at = datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)
        yield [
            {"id": i, "rate": i / 4, "amount": decimal.Decimal("1.25"), "day": at.date(), "at": at, "state": "é" + str(i)}
            for i in range(5)
        ]

    for _ in range(2):
        pipeline.run(loans(), loader_file_format=file_format)
    cursor.execute(
        f"select count(*), sum(id), sum(rate), min(amount)::varchar, min(day)::varchar,"
        f" min(convert_timezone('UTC', at))::timestamp_ntz::varchar, min(state) from raw.loans_{file_format}.loans"
    )
    return [str(value) for value in cursor.fetchone()]


for file_format in ["parquet", "csv", "jsonl"]:
    seen[f"dlt {file_format}"] = load(file_format)

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
    return json.loads(cursor.fetch_pandas_all().to_json(orient="values", date_format="iso"))


cursor.execute("use schema raw.tools")
cursor.execute("use warehouse wh")
cursor.execute("create table known (id int, name varchar, x float, at timestamp_ntz, ok boolean)")
write_pandas(connection, frame, "KNOWN", use_logical_type=True)
seen["write_pandas"] = records("known")
write_pandas(connection, frame, "MADE", auto_create_table=True, use_logical_type=True, chunk_size=2)
seen["write_pandas makes a table"] = records("made")
cursor.execute("describe table made")
seen["its types"] = [row[1] for row in cursor.fetchall()]
cursor.execute("select seq4() from table(generator(rowcount => 5000))")
seen["batches"] = sum(len(batch) for batch in cursor.fetch_pandas_batches())

engine = create_engine(
    "snowflake://",
    creator=lambda: connect(**HERE, user="ADMIN", password=PASSWORD, database="RAW", schema="TOOLS", warehouse="WH"),
)
metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, Sequence("user_seq"), primary_key=True),
    Column("name", String(50)),
)
mails = Table(
    "mails",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", None, ForeignKey("users.id")),
    Column("mail", String),
)
metadata.create_all(engine)
with engine.begin() as session:
    session.execute(users.insert(), [{"name": "ann"}, {"name": "bob"}])
    session.execute(mails.insert(), [{"user_id": 1, "mail": "ann@example.com"}])
with engine.connect() as session:
    joined = select(users.c.id, users.c.name, mails.c.mail).join(mails, isouter=True).order_by(users.c.id)
    seen["sqlalchemy"] = [list(row) for row in session.execute(joined)]
inspected = inspect(engine)
seen["sqlalchemy tables"] = sorted(inspected.get_table_names())
seen["sqlalchemy key"] = inspected.get_pk_constraint("users")["constrained_columns"]
seen["sqlalchemy columns"] = [column["name"] for column in inspected.get_columns("users")]
frame.to_sql("framed", engine, index=False, if_exists="replace", method=pd_writer)
seen["to_sql"] = records("framed")

print(json.dumps(seen))
