"""The office's desk: what to chase today, how everything stands, what waits for a verdict."""

from fastapi import APIRouter

from portal.office import (
    appeal_page,
    case_page,
    commendation_page,
    day_page,
    extension_list,
    extension_page,
    instruction_page,
    item_acts,
    item_list,
    item_page,
    matrix_page,
    messages_page,
    pause_page,
    phase_page,
    rates_page,
    review_page,
    supervision_page,
    urge_page,
)

router = APIRouter()
for _page in (
    day_page,
    matrix_page,
    messages_page,
    phase_page,
    rates_page,
    item_list,
    review_page,
    item_page,
    item_acts,
    urge_page,
    extension_page,
    pause_page,
    supervision_page,
    instruction_page,
    appeal_page,
    case_page,
    commendation_page,
    extension_list,
):
    router.include_router(_page.router)
