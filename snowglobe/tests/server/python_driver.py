"""Drives snowflake-connector-python against a server and prints what it saw as JSON.

Usage: python_driver.py PORT FOLDER
"""

import datetime
import decimal
import json
import os
import sys

import snowflake.connector
from snowflake.connector import errors

port, folder = int(sys.argv[1]), sys.argv[2]
seen = {"version": snowflake.connector.__version__}


def connect(**options):
    return snowflake.connector.connect(
        user="learner",
        account="local",
        host="127.0.0.1",
        port=port,
        protocol="http",
        **{"password": "right", **options},
    )


def plain(value):
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return str(value) if isinstance(value, decimal.Decimal) else value


def failure(action):
    try:
        action()
    except errors.Error as error:
        return [type(error).__name__, error.errno, error.sqlstate, str(error.msg)]
    return "no error"


def statuses(cursor):
    names = [each[0] for each in cursor.description]
    return sorted([row[0], row[names.index("status")]] for row in cursor.fetchall())


seen["wrong password"] = failure(lambda: connect(password="wrong"))[:3]
connection = connect(database="BALBOA", session_parameters={"QUERY_TAG": "tag"}, paramstyle="qmark")
cursor = connection.cursor()
seen["types"] = [plain(cell) for cell in cursor.execute("select types").fetchone()]
seen["type codes"] = [each[1] for each in cursor.description]
seen["empty"] = cursor.execute("select empty").fetchall()
rows = cursor.execute("select many").fetchall()
seen["many"] = [len(rows), list(rows[1001]), sum(row[0] for row in rows)]
seen["insert"] = cursor.execute("insert into t values (1)").rowcount
seen["ddl"] = cursor.execute("create table t (a int)").fetchall()
seen["error"] = failure(lambda: cursor.execute("select nothing"))[:3]
cursor.executemany("insert into t values (?, ?)", [(i, str(i)) for i in range(500)])
seen["array bind"] = cursor.rowcount
seen["binds"] = json.loads(cursor.execute("select binds", (1, "x", None)).fetchone()[0])
cursor.execute_async("select 1")
query_id = cursor.sfqid
while connection.is_still_running(connection.get_query_status(query_id)):
    pass
cursor.get_results_from_sfqid(query_id)
seen["async"] = [list(row) for row in cursor.fetchall()]

source = os.path.join(folder, "loans.csv")
with open(source, "w", encoding="utf8") as file:
    file.write("a,b\n" * 10000)
for name in ("one.txt", "two.txt"):
    with open(os.path.join(folder, name), "w", encoding="utf8") as file:
        file.write(name)
seen["put"] = statuses(cursor.execute(f"PUT file://{source} @st"))
seen["put wildcard"] = statuses(cursor.execute(f"PUT file://{folder}/*.txt @st auto_compress=false"))
with open(os.path.join(folder, "one.txt"), "w", encoding="utf8") as file:
    file.write("changed")
put_again = f"PUT file://{folder}/one.txt @st auto_compress=false"
try:
    seen["put again"] = statuses(cursor.execute(put_again))
except Exception as error:  # what the driver makes of a refusal differs by version
    seen["put again"] = [type(error).__name__, str(error)]
seen["put overwrite"] = statuses(cursor.execute(f"{put_again} overwrite=true"))
target = os.path.join(folder, "out")
os.mkdir(target)
seen["get"] = statuses(cursor.execute(f"GET @st file://{target}"))
seen["got"] = {name: os.path.getsize(os.path.join(target, name)) for name in sorted(os.listdir(target))}
connection.close()
print(json.dumps(seen))
