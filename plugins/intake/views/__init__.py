"""The pages of intake: filling in, the provider's editor, Other Information."""

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

__all__ = [
    "add_question",
    "change_question",
    "check",
    "design",
    "done",
    "home",
    "keep",
    "move_question",
    "other_information",
    "preview",
    "publish",
    "remove_question",
    "section",
    "sent_file",
    "tasks",
]
