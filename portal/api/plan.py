"""The plan as it concerns a unit, and what kinds of problems there are."""

from collections import defaultdict
from typing import Annotated

from fastapi import APIRouter, Path

from domain.problems import Problem, ProblemKind
from models.engine import reading
from portal.api.gate import Reader
from portal.api.plan_shapes import KindShape, PlanShape
from portal.api.problems import TYPES, status_of
from portal.api.responses import problems, token_problems
from portal.desk import TheDesk

router = APIRouter()


@router.get(
    "/plan",
    operation_id="getPlan",
    summary="方案中与本单位有关的内容",
    description="通知、本单位参与的任务举措和本单位的职责事项，各注明出处。",
    responses=token_problems(),
)
def get_plan(desk: TheDesk, token: Reader) -> PlanShape:
    """What the plan asks of the unit."""
    with reading(desk.engine) as session:
        plan, version = desk.in_force(session)
    return PlanShape.of(plan, version.number, plan.unit(token.unit).id)


@router.get(
    "/problems/{number}",
    operation_id="getProblem",
    summary="一种问题的说明",
    description="应答中 type 所指的地址；编号的含义固定不变。不需要令牌。",
    responses=problems(404),
)
def get_problem(
    number: Annotated[int, Path(ge=1, le=9999, description="问题编号", examples=[412])],
) -> KindShape:
    """What a number stands for."""
    kind = next((kind for kind in ProblemKind if kind.number == number), None)
    if kind is None:
        raise Problem(ProblemKind.NOT_THERE)
    blanks: defaultdict[str, str] = defaultdict(lambda: "…")
    return KindShape(
        type=f"{TYPES}{number}",
        number=number,
        status=status_of(kind),
        title=kind.value.title.format_map(blanks),
        detail=kind.value.mend.format_map(blanks),
    )
