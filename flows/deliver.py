"""Sending messages (消息发送): every ten minutes of the plan's hours, whatever is due by then."""

from datetime import date

from prefect import flow

from tasks.delivery import clear_old_runs, send_messages
from tasks.rounds import run_name


@flow(name="deliver", flow_run_name=run_name("消息发送"), persist_result=False)
def deliver(as_of: date | None = None) -> dict[str, int]:
    """Send what is due.

    Args:
        as_of: the day, for the run's name alone; what is due is told by the clock.

    Returns:
        How many messages came to which state.
    """
    del as_of
    done = send_messages()
    clear_old_runs()
    return done
