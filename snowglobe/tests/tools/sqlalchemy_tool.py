"""SQLAlchemy with Snowflake's dialect: tables, sessions, what inspection says, pandas on top."""

import datetime
import decimal
import warnings

import pandas
from checks import HERE, PASSWORD, PORT, check, rows
from snowflake.connector.pandas_tools import pd_writer
from snowflake.sqlalchemy import URL, VARIANT
from sqlalchemy import (
    Boolean, Column, Date, DateTime, Float, ForeignKey, Integer, MetaData, Numeric, Sequence, String, Table,
    create_engine, func, insert, inspect, select, text,
)
from sqlalchemy.orm import Session, declarative_base, relationship

warnings.simplefilter("ignore")


def engine_of(**more):
    url = URL(account="local", user="ADMIN", password=PASSWORD, host=HERE["host"], port=PORT, **more)
    return create_engine(url, connect_args={"protocol": "http"})


with engine_of().begin() as connection:
    for statement in ["create warehouse wh", "create database d", "create schema d.s"]:
        connection.execute(text(statement))
engine = engine_of(database="d", schema="s", warehouse="wh")
Base = declarative_base()


class Team(Base):
    __tablename__ = "teams"
    id = Column(Integer, Sequence("team_ids"), primary_key=True)
    name = Column(String(30), unique=True, nullable=False, comment="what it is called")
    people = relationship("Person", back_populates="team")


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, Sequence("person_ids"), primary_key=True)
    name = Column(String)
    team_id = Column(Integer, ForeignKey("teams.id"))
    data = Column(VARIANT)
    team = relationship(Team, back_populates="people")


def add():
    with Session(engine) as session:
        session.add(Team(name="red", people=[Person(name="ann"), Person(name="bob")]))
        session.commit()
        return rows(session.execute(select(Person.name, Team.name).join(Team).order_by(Person.name)))


def roll_back():
    with Session(engine) as session:
        session.add(Team(name="gone"))
        session.flush()
        session.rollback()
        return session.scalar(select(func.count()).select_from(Team))


def change():
    with Session(engine) as session:
        session.scalars(select(Person).where(Person.name == "ann")).one().name = "eve"
        session.delete(session.scalars(select(Person).where(Person.name == "bob")).one())
        session.commit()
        return session.scalars(select(Person.name)).all()


def autocommit():
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("insert into teams select 100, 'auto'"))
    with engine.connect() as connection:
        return connection.scalar(text("select name from teams where id = 100"))


def many():
    numbers = Table("numbers", MetaData(), Column("n", Integer), Column("t", String))
    numbers.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(numbers), [{"n": n, "t": f"t{n}"} for n in range(1000)])
        return rows(connection.execute(select(func.count(), func.sum(numbers.c.n))))


def kinds():
    table = Table("kinds", MetaData(), *[Column(*one) for one in KINDS])
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), [dict(zip("abcdef", VALUES))])
        return [str(value) for value in connection.execute(select(table)).one()]


KINDS = [("a", Numeric(10, 2)), ("b", Float), ("c", Boolean), ("d", DateTime), ("e", Date), ("f", String)]
VALUES = [decimal.Decimal("1.25"), 1.5, True, datetime.datetime(2024, 2, 29, 1, 2, 3), datetime.date(2024, 3, 1), "é"]

check("create_all", lambda: Base.metadata.create_all(engine))
check("a session adds and reads", add)
check("a session rolls back", roll_back)
check("a session changes and deletes", change)
check("autocommit", autocommit)
check("a thousand rows at once", many)
check("values of all kinds", kinds)
inspected = inspect(engine)
check("names of tables", lambda: sorted(inspected.get_table_names()))
check("names of schemas", lambda: sorted(inspected.get_schema_names()))
check("names of sequences", lambda: sorted(inspected.get_sequence_names()))
check("columns", lambda: [[c["name"], str(c["type"]), c["nullable"], c["comment"]] for c in inspected.get_columns("teams")])
check("primary key", lambda: inspected.get_pk_constraint("people")["constrained_columns"])
check("unique keys", lambda: [key["column_names"] for key in inspected.get_unique_constraints("teams")])
check("foreign keys", lambda: [[k["constrained_columns"], k["referred_table"], k["referred_columns"]] for k in inspected.get_foreign_keys("people")])
check("has_table", lambda: [inspected.has_table("people"), inspected.has_table("nobody")])


def view():
    with engine.begin() as connection:
        connection.execute(text("create view named as select name from people"))
    again = inspect(engine)
    return [again.get_view_names(), again.get_view_definition("named")]


def reflect():
    metadata = MetaData()
    metadata.reflect(bind=engine, only=["people"])
    return [sorted(metadata.tables), [str(key.column) for key in metadata.tables["people"].foreign_keys]]


check("views", view)
check("reflection follows foreign keys", reflect)
frame = pandas.DataFrame({"id": [1, 2], "name": ["x", "é"]})
check("to_sql", lambda: frame.to_sql("framed", engine, index=False, if_exists="replace"))
check("to_sql by pd_writer", lambda: frame.rename(columns=str.upper).to_sql("written", engine, index=False, if_exists="replace", method=pd_writer))
check("read_sql", lambda: pandas.read_sql("select * from framed union all select * from written order by id, name", engine).values.tolist())
check("drop_all", lambda: Base.metadata.drop_all(engine, tables=[Person.__table__, Team.__table__]))
