import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from permits import tell


@pytest.fixture
def client(notify):
    return NotificationsAPIClient(notify.key("live"), base_url=notify.url)


def test_the_text_names_the_person_and_the_permit(notify, client):
    tell(client, "07900 900123", "Kim", "E15")
    assert notify.messages(to="+447900900123")[0]["body"] == "Hello Kim, your permit E15 is ready."


def test_a_service_in_trouble_is_retried_once(notify, client):
    notify.fail(fault="answer", status=503, next=1)
    tell(client, "07900900123", "Kim", "E15")
    assert len(notify.messages(reference="E15")) == 1


def test_trouble_with_one_person_does_not_keep_the_next_from_a_message(notify, client):
    notify.fail(fault="answer", status=503, to="+44 7900 900123")
    with pytest.raises(HTTPError):
        tell(client, "07900 900123", "Kim", "E15")
    tell(client, "07900900124", "Lee", "E16")
    assert [message["reference"] for message in notify.messages()] == ["E16"]


def test_a_number_that_does_not_exist_shows_among_the_failures(notify, client):
    tell(client, "07700900962", "Kim", "E15")  # a magic recipient: see CONTROL.md
    notify.advance(seconds=60)
    assert [message["reference"] for message in notify.messages(status="permanent-failure")] == ["E15"]


def test_a_wrong_number_is_reported_at_once(notify, client):
    with pytest.raises(HTTPError) as refused:
        tell(client, "12345", "Kim", "E15")
    assert refused.value.status_code == 400
    assert notify.messages() == []


def test_the_final_status_can_be_looked_up(notify, client):
    message = tell(client, "07900900123", "Kim", "E15")
    notify.control("PUT", f"/sandbox/messages/{message}/status", {"status": "permanent-failure"})
    assert client.get_notification_by_id(message)["status"] == "permanent-failure"
