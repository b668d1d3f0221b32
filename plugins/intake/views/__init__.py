"""The pages of intake: filling in, the practice's forms, a client's forms, Other Information."""

from plugins.intake.views.asked import form, form_check, form_keep, form_section, withdraw
from plugins.intake.views.at_record import at_record
from plugins.intake.views.copy import client_form_copy, client_intake_copy, form_copy, intake_copy
from plugins.intake.views.design import (
    add_ready,
    arrange_question,
    design,
    form_file,
    preview,
    publish,
    retire,
)
from plugins.intake.views.fill import check, done, home, keep, section, tasks
from plugins.intake.views.forms import forms, new_form, packet, packet_list
from plugins.intake.views.look import client_form, client_forms, form_attachment
from plugins.intake.views.question import add_question, change_question, question_when
from plugins.intake.views.record import other_information, sent_file
from plugins.intake.views.record_form import preview_record_form, record_form

__all__ = [
    "add_question",
    "add_ready",
    "arrange_question",
    "at_record",
    "change_question",
    "check",
    "client_form",
    "client_form_copy",
    "client_forms",
    "client_intake_copy",
    "design",
    "done",
    "form",
    "form_attachment",
    "form_check",
    "form_copy",
    "form_file",
    "form_keep",
    "form_section",
    "forms",
    "home",
    "intake_copy",
    "keep",
    "new_form",
    "other_information",
    "packet",
    "packet_list",
    "preview",
    "preview_record_form",
    "publish",
    "question_when",
    "record_form",
    "retire",
    "section",
    "sent_file",
    "tasks",
    "withdraw",
]
