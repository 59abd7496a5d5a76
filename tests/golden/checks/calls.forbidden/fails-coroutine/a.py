import sqlite3
import time

connection = sqlite3.connect(":memory:")
answer = eval("1 + 1")


async def wait():
    time.sleep(1)


def sleep():
    time.sleep(1)
    sqlite3.connect(":memory:").cursor().execute("SELECT 1")
