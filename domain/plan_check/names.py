"""Names: each belongs to one thing only, and each that is used exists."""

from collections.abc import Iterable, Iterator

from domain.plan import Plan
from domain.plan_check.finding import Finding, Loc, nearest


def check_names(plan: Plan) -> Iterator[Finding]:
    """Doubled ids, numbers and names; units, actions, measures, duties and indicators that do not exist."""
    yield from _doubles(plan)
    yield from _unit_names(plan)
    yield from _groups(plan)
    yield from _units_used(plan)
    yield from _roster(plan)
    yield from _actions(plan)
    yield from _measures_used(plan)
    yield from _duties_used(plan)
    yield from _indicators_used(plan)
    yield from _phase_used(plan)


def _doubles(plan: Plan) -> Iterator[Finding]:
    uses: dict[str, list[tuple[Loc, str | int]]] = {
        "服务对象编号": [(("service_objects", i, "id"), s.id) for i, s in enumerate(plan.service_objects)],
        "单位编号": [(("units", i, "id"), u.id) for i, u in enumerate(plan.units)],
        "行动编号": [(("actions", i, "id"), a.id) for i, a in enumerate(plan.actions)],
        "行动名称": [(("actions", i, "name"), a.name) for i, a in enumerate(plan.actions)],
        "举措序号": [(("measures", i, "number"), m.number) for i, m in enumerate(plan.measures)],
        "举措名称": [(("measures", i, "title"), m.title) for i, m in enumerate(plan.measures)],
        "阶段编号": [(("phases", i, "id"), p.id) for i, p in enumerate(plan.phases)],
        "节点编号": [
            (("phases", i, "milestones", k, "id"), m.id)
            for i, p in enumerate(plan.phases)
            for k, m in enumerate(p.milestones)
        ],
        "职责事项编号": [(("duties", i, "id"), d.id) for i, d in enumerate(plan.duties)],
        "指标编号": [(("indicators", i, "id"), n.id) for i, n in enumerate(plan.indicators)],
        "指标名称": [(("indicators", i, "name"), n.name) for i, n in enumerate(plan.indicators)],
        "段落编号": [(("outline", i, "id"), p.id) for i, p in enumerate(plan.outline)],
    }
    for what, entries in uses.items():
        seen: set[str | int] = set()
        for loc, value in entries:
            if value in seen:
                yield Finding(loc, f"{what}“{value}”重复。", "请给每一项不同的编号和名称。")
            seen.add(value)


def _unit_names(plan: Plan) -> Iterator[Finding]:
    """No id, name or alias may stand for two units, or for a unit and a group."""
    owner: dict[str, str] = {}
    for i, unit in enumerate(plan.units):
        named: list[tuple[Loc, str]] = [(("units", i, "id"), unit.id), (("units", i, "name"), unit.name)]
        named += [(("units", i, "aliases", k), alias) for k, alias in enumerate(unit.aliases)]
        for loc, name in named:
            other = owner.setdefault(name, unit.id)
            if other != unit.id:
                yield Finding(loc, f"“{name}”已经是单位 {other} 的名称或别名。", "请只保留在一个单位名下。")
    for i, group in enumerate(plan.groups):
        if group.name in owner:
            yield Finding(("groups", i, "name"), f"“{group.name}”已经在用。", "请给单位组另取名称。")
        owner[group.name] = group.name


def _groups(plan: Plan) -> Iterator[Finding]:
    """A group holds units and groups that stand above it."""
    above = {name for unit in plan.units for name in (unit.id, unit.name, *unit.aliases)}
    for i, group in enumerate(plan.groups):
        yield from _unknown(
            "单位", ((("groups", i, "members", k), name) for k, name in enumerate(group.members)), above
        )
        above.add(group.name)


def _units_used(plan: Plan) -> Iterator[Finding]:
    uses: list[tuple[Loc, str]] = []
    for i, measure in enumerate(plan.measures):
        uses += [(("measures", i, "units", k), name) for k, name in enumerate(measure.units)]
        uses += [(("measures", i, "lead", k), name) for k, name in enumerate(measure.lead)]
    for i, duty in enumerate(plan.duties):
        uses += [(("duties", i, "units", k), name) for k, name in enumerate(duty.units)]
    for i, indicator in enumerate(plan.indicators):
        uses += [(("indicators", i, "supplier", k), name) for k, name in enumerate(indicator.supplier)]
    for i, phase in enumerate(plan.phases):
        for k, milestone in enumerate(phase.milestones):
            at: Loc = ("phases", i, "milestones", k, "units")
            uses += [((*at, n), name) for n, name in enumerate(milestone.units)]
    known = {name for unit in plan.units for name in (unit.id, unit.name, *unit.aliases)}
    yield from _unknown("单位", uses, known | {group.name for group in plan.groups})


def _roster(plan: Plan) -> Iterator[Finding]:
    """The office's host and the roster's units are single units; members are those on the roster."""
    names = {name: unit for unit in plan.units for name in (unit.id, unit.name, *unit.aliases)}
    uses: list[tuple[Loc, str]] = [(("leading_group", "office", "host"), plan.leading_group.office.host)]
    seated = set()
    for i, officer in enumerate(plan.leading_group.roster):
        if officer.unit is None:
            continue
        loc: Loc = ("leading_group", "roster", i, "unit")
        uses.append((loc, officer.unit))
        unit = names.get(officer.unit)
        if unit is None:
            continue
        seated.add(unit.id)
        if not unit.member:
            yield Finding(loc, f"{unit.name}在名册上，却未标为成员单位。", "请将该单位的 member 改为 true。")
    yield from _unknown("单位", uses, names)
    for i, unit in enumerate(plan.units if seated else ()):  # a roster may also name no units at all
        if unit.member and unit.id not in seated:
            yield Finding(
                ("units", i, "member"),
                f"{unit.name}标为成员单位，名册上却没有它的人。",
                "请在 leading_group.roster 中补上（写明 unit），或将 member 改为 false。",
            )


def _actions(plan: Plan) -> Iterator[Finding]:
    uses: list[tuple[Loc, str]] = [(("measures", i, "action"), m.action) for i, m in enumerate(plan.measures)]
    yield from _unknown("行动", uses, [action.id for action in plan.actions])
    used = {name for _, name in uses}
    for i, action in enumerate(plan.actions):
        if action.id not in used:
            yield Finding(
                ("actions", i), f"行动“{action.name}”没有任何举措。", "请把举措的 action 指向它，或删去。"
            )


def _measures_used(plan: Plan) -> Iterator[Finding]:
    uses: list[tuple[Loc, int]] = [
        (("duties", i, "measure"), duty.measure)
        for i, duty in enumerate(plan.duties)
        if duty.measure is not None
    ]
    for i, measure in enumerate(plan.measures):
        uses += [
            (("measures", i, "depends_on", k, "measure"), link.measure)
            for k, link in enumerate(measure.depends_on)
        ]
    for i, indicator in enumerate(plan.indicators):
        uses += [(("indicators", i, "measures", k), number) for k, number in enumerate(indicator.measures)]
    for i, phase in enumerate(plan.phases):
        for k, milestone in enumerate(phase.milestones):
            at: Loc = ("phases", i, "milestones", k, "measures")
            uses += [((*at, n), number) for n, number in enumerate(milestone.measures)]
    for loc, number in uses:
        if number not in plan.measures_by_number:
            yield Finding(loc, f"没有序号为 {number} 的举措。", "请核对 measures 中的 number。")


def _duties_used(plan: Plan) -> Iterator[Finding]:
    uses: list[tuple[Loc, str]] = []
    for i, duty in enumerate(plan.duties):
        uses += [(("duties", i, "after", k, "duty"), after.duty) for k, after in enumerate(duty.after)]
    for i, note in enumerate(plan.notes):
        uses += [(("notes", i, "duties", k), name) for k, name in enumerate(note.duties)]
    for i, phase in enumerate(plan.phases):
        for k, milestone in enumerate(phase.milestones):
            at: Loc = ("phases", i, "milestones", k, "duties")
            uses += [((*at, n), name) for n, name in enumerate(milestone.duties)]
    yield from _unknown("职责事项", uses, plan.duties_by_id)


def _indicators_used(plan: Plan) -> Iterator[Finding]:
    uses: list[tuple[Loc, str]] = []
    for i, duty in enumerate(plan.duties):
        uses += [(("duties", i, "indicators", k), name) for k, name in enumerate(duty.indicators)]
    for i, indicator in enumerate(plan.indicators):
        here: Loc = ("indicators", i)
        uses += [((*here, "linked", k), name) for k, name in enumerate(indicator.linked)]
        if indicator.part_of is not None:
            uses.append(((*here, "part_of"), indicator.part_of))
        if indicator.ratio is not None:
            uses.append(((*here, "ratio", "numerator"), indicator.ratio.numerator))
            uses.append(((*here, "ratio", "denominator"), indicator.ratio.denominator))
    yield from _unknown("指标", uses, plan.indicators_by_id)


def _phase_used(plan: Plan) -> Iterator[Finding]:
    """The phase in which the best are commended is one of the plan's."""
    phase = plan.rules.commendation.phase
    uses: list[tuple[Loc, str]] = [(("rules", "commendation", "phase"), phase)] if phase is not None else []
    yield from _unknown("阶段", uses, [one.id for one in plan.phases])


def _unknown(what: str, uses: Iterable[tuple[Loc, str]], known: Iterable[str]) -> Iterator[Finding]:
    names = set(known)
    for loc, name in uses:
        if name not in names:
            mend = nearest(name, names) or f"请先定义该{what}，或改用已定义的名称。"
            yield Finding(loc, f"没有定义{what}“{name}”。", mend)
