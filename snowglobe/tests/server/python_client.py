"""One connection of snowflake-connector-python, told what to do line by line.

Each line of the standard input is a JSON list: a method below and its arguments. Each answer is a line, too: what the
method gave, values as Python shows them.

Usage: python_client.py PORT
"""

import json
import sys
from datetime import date, datetime, time
from decimal import Decimal

import snowflake.connector
from snowflake.connector import errors
from snowflake.connector.constants import FIELD_ID_TO_NAME

port = int(sys.argv[1])


class Client:
    connection = None

    def version(self):
        return snowflake.connector.__version__

    def connect(self, options):
        self.connection = snowflake.connector.connect(
            account="local", host="127.0.0.1", port=port, protocol="http", **options
        )

    def execute(self, sql, binds=None):
        cursor = self.connection.cursor()
        cursor.execute(sql, binds)
        return {
            "rows": [[repr(cell) for cell in row] for row in cursor.fetchall()],
            "columns": [each[0] for each in cursor.description],
            "rowcount": cursor.rowcount,
        }

    def seen(self, sql):
        """Rows with each value tagged by what Python's user gets: see cases/values.ts."""
        cursor = self.connection.cursor()
        cursor.execute(sql)
        kinds = [FIELD_ID_TO_NAME[each[1]] for each in cursor.description]
        return {
            "rows": [[tagged(cell, kind) for cell, kind in zip(row, kinds)] for row in cursor.fetchall()],
            "columns": [{"name": each[0], "type": type_text(each)} for each in cursor.description],
        }

    def executemany(self, sql, rows):
        cursor = self.connection.cursor()
        cursor.executemany(sql, rows)
        return cursor.rowcount

    def execute_async(self, sql):
        cursor = self.connection.cursor()
        cursor.execute_async(sql)
        return cursor.sfqid

    def result_of(self, query_id):
        cursor = self.connection.cursor()
        cursor.get_results_from_sfqid(query_id)
        return [[repr(cell) for cell in row] for row in cursor.fetchall()]

    def describe(self, sql):
        return [[each[0], each[1]] for each in self.connection.cursor().describe(sql)]

    def pandas_types(self, sql):
        try:
            import pandas  # noqa: F401
        except ImportError:
            return None
        cursor = self.connection.cursor()
        cursor.execute(sql)
        return {name: str(kind) for name, kind in cursor.fetch_pandas_all().dtypes.items()}

    def autocommit(self, on):
        self.connection.autocommit(on)

    def commit(self):
        self.connection.commit()

    def rollback(self):
        self.connection.rollback()

    def close(self):
        self.connection.close()


TIMESTAMPS = ("TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ")


def type_text(column):
    _, code, _, _, precision, scale, _ = column
    kind = FIELD_ID_TO_NAME[code]
    if kind == "FIXED":
        return f"NUMBER({precision},{scale})"
    if kind in TIMESTAMPS or kind == "TIME":
        return f"{kind}({scale})"
    return {"REAL": "FLOAT", "TEXT": "VARCHAR"}.get(kind, kind)


def tagged(value, kind):
    if value is None:
        return {"kind": "null"}
    if isinstance(value, bool):
        return {"kind": "boolean", "value": value}
    if isinstance(value, int):
        return {"kind": "number", "text": str(value), "exact": True}
    if isinstance(value, Decimal):
        return {"kind": "number", "text": format(value, "f"), "exact": True}
    if isinstance(value, float):
        return {"kind": "number", "text": repr(value), "exact": False}
    if isinstance(value, datetime):
        answer = {"kind": "timestamp", "text": value.replace(tzinfo=None).isoformat(sep=" "), "digits": 6}
        if value.tzinfo is not None:
            answer["offset"] = int(value.utcoffset().total_seconds() // 60)
            answer["local"] = kind == "TIMESTAMP_LTZ"
        return answer
    if isinstance(value, date):
        return {"kind": "date", "text": value.isoformat()}
    if isinstance(value, time):
        return {"kind": "time", "text": value.isoformat(), "digits": 6}
    if isinstance(value, (bytes, bytearray)):
        return {"kind": "bytes", "hex": value.hex()}
    json_kinds = ("VARIANT", "OBJECT", "ARRAY")
    return {"kind": "json" if kind in json_kinds else "text", "text": value}


client = Client()
for line in sys.stdin:
    method, *arguments = json.loads(line)
    try:
        answer = {"value": getattr(client, method)(*arguments)}
    except errors.Error as error:
        answer = {"error": {"type": type(error).__name__, "errno": error.errno, "message": str(error.msg)}}
    print(json.dumps(answer), flush=True)
