"""Files that come with an item's form."""

from starlette.datastructures import FormData, UploadFile

from domain.entries import Fault
from domain.form import MOST_FILES, Form
from domain.problems import Problem
from models.engine import writing
from portal.unit.fields import ATTACHMENTS
from portal.unit.room import Room
from services import attachments, clock
from services.tries import UPLOAD


def file_in(sent: FormData) -> UploadFile | None:
    """The file that was chosen; None where none was."""
    upload = sent.get("file")
    return upload if isinstance(upload, UploadFile) and upload.filename else None


def with_file(room: Room, key: str, sent: FormData, form: Form) -> tuple[Form, tuple[Fault, ...]]:
    """The form with the file that came with it put to the item and chosen, or why the file was not taken.

    Args:
        room: the unit.
        key: its item.
        sent: what the browser sent.
        form: what was typed.
    """
    upload = file_in(sent)
    if upload is None:
        return form, ()
    try:
        room.desk.tries.count(UPLOAD, str(room.account.id))
        checked = attachments.check(upload.filename or "", upload.file.read(attachments.MOST_BYTES + 1))
        with writing(room.desk.engine) as session:
            plan, _ = room.desk.in_force(session)
            home, by, at = room.desk.settings.home, room.account.name, clock.now()
            attachments.store(session, plan, home, key, checked, unit=room.unit, by=by, at=at)
    except Problem as problem:
        return form, (Fault(key, ATTACHMENTS, problem),)
    chosen = tuple(dict.fromkeys((*form.attachments, checked.sha256)))[-MOST_FILES:]
    return form.model_copy(update={"attachments": chosen}), ()
