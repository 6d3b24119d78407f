"""A sender's turn as a Prefect task."""

import time
from datetime import timedelta

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from services import clock
from services.delivery.mailroom import mailroom
from services.delivery.turn import take_turn
from services.platform import platform
from services.settings import read_settings

SEND = "M 发送到时间的消息"


@task(name="send-messages", task_run_name=SEND, cache_policy=NO_CACHE)
def send_messages() -> dict[str, int]:
    """Send what is due; says how many messages came to which state."""
    settings = read_settings()
    with platform(settings) as here:
        room = mailroom(settings, here.engine, here.plan, here.version)
        kept = timedelta(days=settings.messages_kept)
        done = take_turn(room, now=clock.now, wait=time.sleep, kept=kept)
    for problem in done.troubles:
        get_run_logger().warning("%s", problem)
    return {state.value: count for state, count in done.came_to.items()}
