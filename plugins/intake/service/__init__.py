"""The rules of intake: who is asked, filling in, submitting, the provider's questions."""

from plugins.intake.service.asking import (
    Standing,
    blocks_booking,
    is_waiting,
    outstanding,
    outstanding_ids,
    standing,
    submitted_since,
)
from plugins.intake.service.designing import (
    active_form,
    add_question,
    change_question,
    design,
    export_form,
    import_form,
    move_question,
    publish,
    question_of,
    remove_question,
)
from plugins.intake.service.filling import Step, Work, open_work, save, step_at, steps_of
from plugins.intake.service.submitting import other_information, sent_files, submit

__all__ = [
    "Standing",
    "Step",
    "Work",
    "active_form",
    "add_question",
    "blocks_booking",
    "change_question",
    "design",
    "export_form",
    "import_form",
    "is_waiting",
    "move_question",
    "open_work",
    "other_information",
    "outstanding",
    "outstanding_ids",
    "publish",
    "question_of",
    "remove_question",
    "save",
    "sent_files",
    "standing",
    "step_at",
    "steps_of",
    "submit",
    "submitted_since",
]
