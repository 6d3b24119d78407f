"""The end of a quarter (季度结转): how everything stood on its last day, frozen once."""

from datetime import date

from prefect import flow

from domain.rounds import quarter_before
from services.rounds import QUARTER
from tasks.rounds import close_period, day_of_run, run_name


@flow(name="quarter-close", flow_run_name=run_name("季度结转"), persist_result=False)
def quarter_close(as_of: date | None = None) -> bool:
    """Freeze the quarter that was over by a day.

    Args:
        as_of: the day; the scheduled one where it is not given.

    Returns:
        Whether it was frozen now; False where it was before.
    """
    return close_period(QUARTER, quarter_before(day_of_run(as_of))).first
