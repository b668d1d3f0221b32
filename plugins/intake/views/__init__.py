"""The pages of intake: filling in, the provider's editor, Other Information."""

from plugins.intake.views.at_record import at_record
from plugins.intake.views.design import (
    add_question,
    change_question,
    design,
    move_question,
    preview,
    publish,
    remove_question,
)
from plugins.intake.views.fill import check, done, home, keep, section, tasks
from plugins.intake.views.record import other_information, sent_file
from plugins.intake.views.record_form import preview_record_form, record_form

__all__ = [
    "add_question",
    "at_record",
    "change_question",
    "check",
    "design",
    "done",
    "home",
    "keep",
    "move_question",
    "other_information",
    "preview",
    "preview_record_form",
    "publish",
    "record_form",
    "remove_question",
    "section",
    "sent_file",
    "tasks",
]
