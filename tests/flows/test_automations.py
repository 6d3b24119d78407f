"""What the server does by itself: kept by name, left in peace at a second start, and gone with the plan."""

import asyncio
from datetime import timedelta

import pytest

from tests.linhe import linhe

pytestmark = pytest.mark.usefixtures("prefect_server")

PATIENCE = timedelta(seconds=90)


def test_automations_are_made_once_changed_where_the_plan_changes_and_others_stay() -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.events.actions import DoNothing  # noqa: PLC0415 - as above
    from prefect.events.schemas.automations import AutomationCore, EventTrigger  # noqa: PLC0415 - as above

    from deployments.automations import automations, reconcile_automations  # noqa: PLC0415 - as above
    from deployments.from_plan import register  # noqa: PLC0415 - as above

    async def starts() -> tuple[dict[str, str], list[tuple[str, ...]]]:
        async with get_client() as client:
            for found in await client.read_automations():
                await client.delete_automation(found.id)
            trigger = EventTrigger(expect={"stranger.came"}, threshold=1)
            await client.create_automation(
                AutomationCore(name="别人的", trigger=trigger, actions=[DoNothing()])
            )
            ids = await register(linhe())
            wanted = automations(linhe(), ids, PATIENCE)
            touched = [await reconcile_automations(wanted), await reconcile_automations(wanted)]
            patient = automations(linhe(), ids, PATIENCE * 2)
            touched.append(await reconcile_automations(patient[:-1]))
            return {a.name: a.description for a in await client.read_automations()}, touched

    found, (first, second, third) = asyncio.run(starts())
    assert len(first) == 3 + len(linhe().phases)
    assert second == ()
    assert third == ("节点达成或到期未达成，即查看“阶段2 促提升”", "运行失去音讯，判为中断")
    assert found.keys() == {*first, "别人的"} - {third[0]}
    assert "180 秒" in found[third[1]]
