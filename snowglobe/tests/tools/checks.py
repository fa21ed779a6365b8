"""What the scripts beside it share: where the server is, and what was seen, a line of JSON for each check."""

import json
import re
import sys

PORT, PASSWORD, FOLDER = int(sys.argv[1]), sys.argv[2], sys.argv[3]

# How any driver finds it.
HERE = {"host": "127.0.0.1", "port": PORT, "protocol": "http", "account": "local", "user": "ADMIN", "password": PASSWORD}


def check(name, see):
    """Prints what `see` gives, or how it failed: the error's class and Snowflake's words."""
    try:
        value = see()
    except Exception as error:  # noqa: BLE001: whatever goes wrong is what was seen
        # Without the number and the query id that some put before it.
        text = re.sub(r"^(\(\d+\): )?[0-9a-f-]{36}: ", "", str(error))
        value = {"error": type(error).__name__, "message": text}
    print(json.dumps([name, value], default=str), flush=True)


def rows(found):
    """Rows as lists."""
    return [list(row) for row in found]
