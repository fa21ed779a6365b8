"""One connection of snowflake-connector-python, told what to do line by line.

Each line of the standard input is a JSON list: a method below and its arguments. Each answer is a line, too: what the
method gave, values as Python shows them.

Usage: python_client.py PORT
"""

import json
import sys

import snowflake.connector
from snowflake.connector import errors

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


client = Client()
for line in sys.stdin:
    method, *arguments = json.loads(line)
    try:
        answer = {"value": getattr(client, method)(*arguments)}
    except errors.Error as error:
        answer = {"error": {"type": type(error).__name__, "errno": error.errno, "message": str(error.msg)}}
    print(json.dumps(answer), flush=True)
