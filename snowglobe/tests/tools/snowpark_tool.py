"""Snowpark's DataFrames, as far as they are SQL. What needs a Python interpreter in the account is refused by name."""

import pandas
from checks import FOLDER, HERE, check, rows
from snowflake.snowpark import Session, Window
from snowflake.snowpark import functions as f
from snowflake.snowpark.types import IntegerType, StringType, StructField, StructType

session = Session.builder.configs(HERE).create()
for statement in ["create warehouse wh", "create database d", "create stage d.public.files"]:
    session.sql(statement).collect()
session.use_schema("d.public")
people = session.create_dataframe([[1, "ann", 1.5], [2, "bob", None], [3, None, 2.5]], schema=["id", "name", "x"])
SCHEMA = StructType([StructField("a", IntegerType()), StructField("b", StringType())])


def saved(mode):
    people.write.mode(mode).save_as_table("people")
    return session.table("people").count()


def merged():
    source = session.create_dataframe([[1, "eve"], [9, "zoe"]], schema=["id", "name"])
    table = session.table("people_once")
    whens = [
        f.when_matched().update({"name": source["name"]}),
        f.when_not_matched().insert({"id": source["id"], "name": source["name"]}),
    ]
    return list(table.merge(source, table["id"] == source["id"], whens))


def staged():
    with open(f"{FOLDER}/f.csv", "w") as file:
        file.write("1,a\n2,b\n")
    return [session.file.put(f"{FOLDER}/f.csv", "@files", auto_compress=False)[0].status, session.read.schema(SCHEMA).csv("@files/f.csv").count()]


def unloaded():
    table().write.copy_into_location("@files/out/", file_format_type="parquet", header=True, overwrite=True)
    return session.read.parquet("@files/out/").count()


def dynamic():
    table().group_by("name").count().create_or_replace_dynamic_table("by_name", warehouse="wh", lag="1 minute")
    return rows(session.table("by_name").sort(f.col("name").asc_nulls_last()).collect())


def table():
    return session.table("people_once")


check("where the session is", lambda: [session.get_current_database(), session.get_current_schema(), session.get_current_warehouse()])
check("create_dataframe", lambda: rows(people.collect()))
check("its types", lambda: [str(field.datatype) for field in people.schema.fields])
check("save, append, truncate, ignore, overwrite", lambda: [saved(mode) for mode in ["overwrite", "append", "truncate", "ignore", "overwrite"]])
check("save where there is one", lambda: saved("errorifexists"))
people.write.save_as_table("people_once")
check("filter, select, sort", lambda: rows(table().filter(f.col("id") > 1).select("id", f.upper("name").alias("n")).sort("id").collect()))
check("group and aggregate", lambda: rows(table().agg(f.sum("x"), f.count("*"), f.max("id")).collect()))
check("join", lambda: table().join(people, on="id", how="left").count())
check("window", lambda: rows(table().select("id", f.row_number().over(Window.order_by(f.col("id").desc()))).sort("id").collect()))
check("union", lambda: table().union_all(people).count())
check("flatten", lambda: rows(session.create_dataframe([["[1,2]"]], schema=["j"]).select(f.parse_json("j").alias("v")).flatten("v").select("value").collect()))
check("to_pandas", lambda: table().select("id", "name").sort("id").to_pandas().values.tolist()[:2])
check("write_pandas", lambda: session.write_pandas(pandas.DataFrame({"A": [1, 2], "B": ["x", "y"]}), "FRAME", auto_create_table=True).count())
check("update", lambda: list(table().update({"x": f.lit(9)}, table()["id"] == 2)))
check("merge", merged)
check("delete", lambda: list(table().delete(table()["id"] == 9)))
check("views", lambda: [table().create_or_replace_view("seen")[0][0], table().create_or_replace_temp_view("seen_now")[0][0]])
check("cache_result", lambda: table().cache_result().count())
check("dynamic table", dynamic)
check("files", staged)
check("copy_into_table", lambda: [len(session.read.schema(SCHEMA).csv("@files/f.csv").copy_into_table("copied")), session.table("copied").count()])
check("unload and read parquet", unloaded)
check("asynchronous", lambda: len(table().collect_nowait().result()))
check("binds", lambda: rows(session.sql("select ? as a, ? as b", params=[1, "x"]).collect()))
check("table functions", lambda: rows(session.table_function("split_to_table", f.lit("a,b"), f.lit(",")).select("value").collect()))
check("pivot", lambda: len(table().pivot("name", ["eve", "bob"]).sum("x").collect()))
check("describe", lambda: len(table().describe().collect()))
check("a function in Python", lambda: session.udf.register(lambda x: x, return_type=IntegerType(), input_types=[IntegerType()], name="u"))
check("a procedure in Python", lambda: session.sproc.register(lambda _: 1, return_type=IntegerType(), name="p", packages=[]))
session.close()
