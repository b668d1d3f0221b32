"""Today tells the practice who waits for an answer, in words, and nobody else."""

from core.inbox import service as inbox
from tests.support.house import House

TODAY = "/practice/ortiz/"


def page(house: House, email: str, path: str) -> str:
    return house.browser(email).get(path).get_data(as_text=True)


def test_a_message_of_a_client_waits_on_today_until_it_is_answered(house: House) -> None:
    client, member = (
        house.client_scope("newclient@demo.test", "ortiz"),
        house.member_scope("provider@demo.test", "ortiz"),
    )
    name = house.chart("newclient@demo.test", "ortiz").full_name
    thread = inbox.send_new(
        client, client.client_id, subject="A question", body="May I bring my son?", key="k"
    )
    assert f"{name} waits for an answer" in page(house, "provider@demo.test", TODAY)
    assert f"{name} waits for an answer" not in page(house, "provider2@demo.test", "/practice/harbor/")
    inbox.reply(member, thread.id, body="Of course.", key="r")
    assert f"{name} waits for an answer" not in page(house, "provider@demo.test", TODAY)


def test_a_biller_who_reads_no_messages_is_told_of_none(house: House) -> None:
    client = house.client_scope("stranger@demo.test", "harbor")
    inbox.send_new(client, client.client_id, subject="A question", body="May I bring my son?", key="k")
    assert "waits for an answer" in page(house, "desk@harbor.test", "/practice/harbor/")
    assert "waits for an answer" not in page(house, "biller@harbor.test", "/practice/harbor/")
