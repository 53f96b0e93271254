# Does: keep a database in memory.
import sqlite3

DATABASE = sqlite3.connect(":memory:")
DATABASE.execute("create table guests (name text)")
