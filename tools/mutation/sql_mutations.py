"""Mutations of SQL: every single change of several kinds, each of which makes a mutant.

Equivalent mutants are left out: what EXISTS selects; the number given to COUNT, which only checks for
null; groups with fewer than one row; and texts of an offender that the message of the rule does not
show. In rules: DISTINCT, and UNION for UNION ALL, since equal lines are reported once. In questions:
adding DISTINCT, since the rows of each SELECT contain their key; and LEFT JOIN with the record of a
foreign key, since the rules ensure that it exists, or with a calendar or period, which has all days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import attrs
import sqlglot
from sqlglot import exp

DIALECT = "duckdb"
Change = Callable[[exp.Expression], exp.Expression | None]
"""Returns the replacement of a node, or None if it changed the node in place."""

# Three of the five other operators; the remaining two are equivalent to other mutations.
OPERATORS: dict[type[exp.Expression], tuple[type[exp.Expression], ...]] = {
    exp.EQ: (exp.NEQ, exp.LTE, exp.GTE),
    exp.NEQ: (exp.EQ, exp.LT, exp.GT),
    exp.LT: (exp.LTE, exp.NEQ, exp.GT),
    exp.LTE: (exp.LT, exp.EQ, exp.GTE),
    exp.GT: (exp.GTE, exp.NEQ, exp.LT),
    exp.GTE: (exp.GT, exp.EQ, exp.LTE),
}
ARITHMETIC: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Div, exp.Div: exp.Mul,
}  # fmt: skip
EXTREMES: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.Min: exp.Max, exp.Max: exp.Min, exp.ArgMin: exp.ArgMax, exp.ArgMax: exp.ArgMin,
}  # fmt: skip


# Tables that foreign keys refer to, with their ids. A calendar has every day that is joined with it,
# and `periods` every period.
RECORDS = {
    "calendar": "day", "periods": "period",
    "actors": "actor_id", "documents": "document_id", "events": "event_id", "issues": "issue_id",
    "stances": "stance_id",
}  # fmt: skip


@attrs.frozen
class Mutation:
    """One change of a piece of SQL.

    Attributes:
        kind: Kind of change.
        where: The changed part of the query, for people.
        before: The node before the change.
        after: The node after the change.
        sql: The whole SQL with the change.
    """

    kind: str
    where: str
    before: str
    after: str
    sql: str


def mutations(sql: str, hidden: frozenset[str] = frozenset(), rule: bool = False) -> list[Mutation]:
    """List every mutation of a piece of SQL.

    Args:
        sql: A query, a predicate or an expression.
        hidden: Names of columns whose texts are not shown.
        rule: Whether the SQL is of a rule, for which duplicate rows do not matter.
    """
    return [make() for make in makers(sql, hidden, rule)]


def makers(
    sql: str, hidden: frozenset[str] = frozenset(), rule: bool = False
) -> list[Callable[[], Mutation]]:
    """List functions that make every mutation: making takes longer than listing, so a sample is made alone."""
    tree = sqlglot.parse_one(sql, dialect=DIALECT)
    return [
        partial(_made, tree, number, kind, change)
        for number, node in enumerate(_nodes(tree))
        if not (isinstance(node, exp.Literal) and _is_hidden(node, hidden))
        for kind, change in _changes(node, rule)
    ]


def _made(tree: Any, number: int, kind: str, change: Change) -> Mutation:
    copy = tree.copy()
    root = exp.Paren(this=copy)  # so that the root has a parent too
    target = _nodes(copy)[number]
    before, where = target.sql(DIALECT), _where(target)
    made = change(target)
    if made is not None:
        target.replace(made)
    after = (made if made is not None else target).sql(DIALECT)
    return Mutation(kind, where, before, after, root.this.sql(DIALECT))


def _nodes(tree: Any) -> list[exp.Expression]:
    """List the nodes of a tree in a fixed order."""
    return list(tree.walk())


def again(sql: str) -> str:
    """Parse SQL and print it without a change."""
    text: str = sqlglot.parse_one(sql, dialect=DIALECT).sql(DIALECT)
    return text


def _is_hidden(node: exp.Expression, hidden: frozenset[str]) -> bool:
    alias = node.find_ancestor(exp.Alias, exp.Select)
    if isinstance(alias, exp.Alias) and alias.alias in hidden:
        return True
    return isinstance(node.parent, exp.Select) and isinstance(node.parent.parent, exp.Exists)


def _where(node: exp.Expression) -> str:
    """Describe where a node is: its common table expression, and the FROM of its SELECT."""
    table = node.find_ancestor(exp.CTE)
    select = node if isinstance(node, exp.Select) else node.find_ancestor(exp.Select)
    source = select.args.get("from_") or select.args.get("from") if select else None
    parts = [table.alias if table else "", source.sql(DIALECT) if source else ""]
    return " ".join(part for part in parts if part)


def _changes(node: exp.Expression, rule: bool) -> Iterator[tuple[str, Change]]:  # noqa: PLR0912
    kind = type(node)
    for other in OPERATORS.get(kind, ()):
        if other is exp.NEQ and isinstance(node.this, exp.Count):
            continue  # a group has at least one row
        if other is exp.LTE and _is_first(node):
            continue  # no place is before the first
        yield "comparison", _as(other)
    if kind in ARITHMETIC:
        yield "arithmetic", _as(ARITHMETIC[kind])
    if kind in EXTREMES:
        yield "MIN or MAX", _as(EXTREMES[kind])
    if isinstance(node, exp.And | exp.Or):
        yield from _connected(node)
    if isinstance(node, exp.Not):
        yield "NOT", lambda n: n.this
    elif _is_condition(node) and not isinstance(node.parent, exp.Not):
        yield "NOT", lambda n: exp.Not(this=exp.Paren(this=n.copy()))
    if isinstance(node, exp.Where) and not isinstance(node.this, exp.And):
        yield "condition dropped", _without_condition
    if isinstance(node, exp.Join):
        yield from _joined(node, rule)
    if isinstance(node, exp.Literal) and not _is_counted(node):
        yield from _literal(node)
    if isinstance(node, exp.Coalesce):
        yield "COALESCE", lambda n: n.this
    if isinstance(node, exp.Union):
        yield "UNION branch dropped", lambda n: n.this
        if not isinstance(node.this, exp.Union):
            yield "UNION branch dropped", lambda n: n.expression
    if isinstance(node, exp.Case):
        for number in range(len(node.args["ifs"])):
            alone = len(node.args["ifs"]) == 1
            yield "CASE branch dropped", _otherwise if alone else _dropped("ifs", number)
    if isinstance(node, exp.Ordered):
        yield "ASC or DESC", _turned
    for key in ("partition_by", "expressions"):
        kinds = exp.Group | exp.Order | exp.Tuple | exp.In if key == "expressions" else exp.Window
        members = (node.args.get(key) or []) if isinstance(node, kinds) else []
        for number in range(len(members) if len(members) > 1 else 0):
            yield f"{node.key} member dropped", _dropped(key, number)
    if not rule:
        yield from _distinct(node)


def _is_first(node: exp.Expression) -> bool:
    """Whether a place, which is counted from one, is compared with one."""
    return (
        isinstance(node.this, exp.Column)
        and node.this.name == "place"
        and node.expression.name == "1"
    )


def _connected(node: exp.And | exp.Or) -> Iterator[tuple[str, Change]]:
    other = exp.Or if isinstance(node, exp.And) else exp.And
    yield (
        "AND or OR",
        lambda n: exp.Paren(this=other(this=_closed(n.this), expression=_closed(n.expression))),
    )
    yield "condition dropped", lambda n: n.this
    if type(node.this) is not type(node):
        yield "condition dropped", lambda n: n.expression


def _closed(node: exp.Expression) -> exp.Expression:
    return exp.Paren(this=node.copy()) if isinstance(node, exp.Or) else node.copy()


def _is_condition(node: exp.Expression) -> bool:
    if isinstance(node, exp.Exists | exp.In | exp.Is):
        return True
    around = node.parent
    alone = isinstance(around, exp.And | exp.Or) or (
        isinstance(around, exp.Where | exp.If) and node.arg_key == "this"
    )
    return isinstance(node, exp.Column) and alone


def _is_counted(node: exp.Literal) -> bool:
    """Whether COUNT only checks that this number is not null."""
    count = node.find_ancestor(exp.Count, exp.Select)
    return (
        isinstance(count, exp.Count) and isinstance(node.parent, exp.If) and node.arg_key != "this"
    )


def _is_there(node: exp.Join) -> bool:
    """Whether a join follows a foreign key to a record."""
    key = RECORDS.get(node.this.name, "")
    named = {c.name for c in node.args["on"].find_all(exp.Column) if c.table == node.this.alias}
    return key in named and not node.args.get("side")


def _joined(node: exp.Join, rule: bool) -> Iterator[tuple[str, Change]]:
    if node.args.get("on") is None:
        return
    if rule or not _is_there(node):
        yield "JOIN", _other_side
    if not isinstance(node.args["on"], exp.And):
        yield "condition dropped", _joined_to_all


def _literal(node: exp.Literal) -> Iterator[tuple[str, Change]]:
    if node.is_string:
        yield "literal", lambda n: exp.Literal.string(f"{n.name}~")
    elif "." in node.name:
        yield "literal", lambda n: exp.Literal.number(str(float(n.name) + 1))
    else:
        yield "literal", lambda n: exp.Literal.number(str(int(n.name) + 1))
        yield "literal", lambda n: exp.Paren(this=exp.Literal.number(str(int(n.name) - 1)))


def _distinct(node: exp.Expression) -> Iterator[tuple[str, Change]]:
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
        yield "DISTINCT", lambda n: exp.Count(this=n.this.expressions[0].copy())
    elif isinstance(node, exp.Count) and not isinstance(node.this, exp.Star):
        yield "DISTINCT", lambda n: exp.Count(this=exp.Distinct(expressions=[n.this.copy()]))


def _as(kind: type[exp.Expression]) -> Change:
    return lambda n: kind(
        **{k: v.copy() if isinstance(v, exp.Expression) else v for k, v in n.args.items()}
    )


def _dropped(key: str, number: int) -> Change:
    def change(node: exp.Expression) -> None:
        node.set(key, [m for n, m in enumerate(node.args[key]) if n != number])

    return change


def _without_condition(node: exp.Expression) -> None:
    node.set("this", exp.true())


def _joined_to_all(node: exp.Expression) -> None:
    node.set("on", exp.true())


def _other_side(node: exp.Expression) -> None:
    node.set("side", None if node.args.get("side") else "LEFT")
    node.set("kind", None)


def _otherwise(node: exp.Expression) -> exp.Expression:
    return node.args.get("default") or exp.null()


def _turned(node: exp.Expression) -> None:
    node.set("desc", not node.args.get("desc"))
