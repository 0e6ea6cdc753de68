"""The sandbox as the tests of a Python program use it, with the service's own client."""

import http.client
import http.server
import json
import threading
import time
import urllib.error
import urllib.request

import pytest
import requests
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

SERVICE = "c0ffee00-0000-4000-8000-000000000001"
SMS = "c0ffee00-0000-4000-8000-000000000011"
EMAIL = "c0ffee00-0000-4000-8000-000000000012"
PERMIT = {"name": "Kim", "permit number": "E15"}


@pytest.fixture
def client(notify):
    return NotificationsAPIClient(notify.key("live"), base_url=notify.url, timeout=5)


def send(client, reference="r"):
    return client.send_sms_notification("07900900123", SMS, PERMIT, reference)["id"]


@pytest.fixture
def receiver():
    """A receiver of callbacks: `.statuses` are what it answers, in turn; `.got` is what it got."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.server.got.append((self.headers["Authorization"], body))
            self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.statuses = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def want_callbacks(notify, receiver, kind="delivery_status"):
    target = {"url": f"http://127.0.0.1:{receiver.server_port}/cb", "bearer_token": "a-bearer-token"}
    notify.control("PUT", f"/sandbox/services/{SERVICE}/callbacks/{kind}", target)


# Time


def test_delivery_follows_the_clock(notify, client):
    notify.control("PUT", "/sandbox/clock", {"frozen": True})
    message = send(client)
    assert client.get_notification_by_id(message)["status"] == "created"
    notify.advance(10)
    assert client.get_notification_by_id(message)["status"] == "delivered"


def test_a_clock_ten_minutes_off_is_refused_as_by_the_service(notify, client):
    notify.control("PUT", "/sandbox/clock", {"advance_seconds": 600})
    with pytest.raises(HTTPError) as refused:
        send(client)
    assert refused.value.status_code == 403
    assert refused.value.message[0]["message"].startswith("Error: Your system clock must be accurate")


def test_messages_are_gone_after_seven_days(notify, client):
    send(client)
    notify.advance(7 * 86_400 + 1)
    assert notify.messages() == []


# Faults


def test_a_dropped_connection_is_seen_as_one(notify, client):
    notify.fail(fault="drop", next=1)
    with pytest.raises((HTTPError, requests.ConnectionError)):
        send(client)
    assert notify.messages() == []
    notify.fail(fault="drop", effect="done", next=1)
    with pytest.raises((HTTPError, requests.ConnectionError)):
        send(client)
    assert len(notify.messages()) == 1


def test_requests_sees_a_cut_body(notify):
    notify.fail(fault="cut-body", next=1)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        requests.get(notify.url + "/_status", timeout=5)
    notify.fail(fault="drip", seconds=0.005, next=1)
    assert requests.get(notify.url + "/_status", timeout=5).json() == {"status": "ok"}


def test_a_message_that_comes_late_comes(notify, client):
    notify.control("PUT", "/sandbox/clock", {"frozen": True})
    notify.fail(fault="drop", effect="late", late_seconds=5, next=1)
    with pytest.raises((HTTPError, requests.ConnectionError)):
        send(client, "late")
    assert notify.messages(reference="late") == []
    notify.advance(5)
    assert len(notify.messages(reference="late")) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_each_failure_comes_as_ordered(notify, client, status):
    notify.fail(fault="answer", status=status, path="/v2/*", next=1)
    with pytest.raises(HTTPError) as failed:
        send(client)
    assert failed.value.status_code == status
    assert notify.messages() == []
    send(client)


def test_the_same_seed_fails_the_same_requests(notify):
    def series():
        notify.control("POST", "/sandbox/reset")
        notify.fail(fault="answer", status=503, share=0.4, seed=3)
        return [requests.get(notify.url + "/_status", timeout=5).status_code for _ in range(20)]

    first = series()
    assert first == series()
    assert set(first) == {200, 503}


def test_a_delay_tries_the_timeout_of_a_client(notify):
    notify.fail(fault="delay", seconds=1, next=1)
    with pytest.raises(requests.Timeout):
        requests.get(notify.url + "/_status", timeout=0.2)


# Callbacks


def test_receipts_come_with_their_token_and_again_after_a_failure(notify, client, receiver):
    want_callbacks(notify, receiver)
    receiver.statuses = [503, 429]
    notify.control("PUT", "/sandbox/clock", {"frozen": True})
    message = send(client, "wanted")
    for _ in range(3):
        notify.advance(300)
    assert [token for token, _ in receiver.got] == ["Bearer a-bearer-token"] * 3
    assert all(body["id"] == message and body["status"] == "delivered" for _, body in receiver.got)
    outcomes = [attempt["outcome"] for attempt in notify.control("GET", "/sandbox/callbacks")["callbacks"]]
    assert outcomes == ["503", "429", "200"]


def test_texts_and_complaints_are_told_of(notify, client, receiver):
    for kind in ("inbound_sms", "complaint"):
        want_callbacks(notify, receiver, kind)
    notify.control("POST", "/sandbox/received-texts", {"from": "447700900111", "content": "Yes please"})
    email = client.send_email_notification("kim@example.com", EMAIL, {**PERMIT, "parking": "no"})["id"]
    notify.control("POST", f"/sandbox/messages/{email}/complaint")
    notify.control("POST", "/sandbox/wait-until-idle")
    assert receiver.got[0][1]["message"] == "Yes please"
    assert receiver.got[1][1]["notification_id"] == email
    assert client.get_received_texts()["received_text_messages"][0]["content"] == "Yes please"


# Control


def test_a_service_of_the_tests_own(notify):
    service = notify.control("POST", "/sandbox/services", {"name": "New", "permissions": ["sms"]})["id"]
    key = notify.control("POST", f"/sandbox/services/{service}/keys", {"name": "ci", "type": "test"})["key"]
    new = {"name": "Hi", "type": "sms", "body": "Hi ((name))"}
    template = notify.control("POST", f"/sandbox/services/{service}/templates", new)["id"]
    client = NotificationsAPIClient(key, base_url=notify.url)
    client.send_sms_notification("07900900123", template, {"name": "Kim"})
    assert [message["body"] for message in notify.messages(service=service)] == ["Hi Kim"]


def test_without_the_header_nothing_is_told_or_done(notify):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(notify.url + "/sandbox/keys")
    assert refused.value.code == 403
    assert "Access-Control-Allow-Origin" not in refused.value.headers


def test_an_email_is_read_as_it_looks(notify, client):
    client.send_email_notification("kim@example.com", EMAIL, {**PERMIT, "parking": "yes"})
    [message] = notify.messages(type="email")
    assert message["subject"] == "Your permit E15"
    assert "You may park in zone A." in message["body"]
    assert "Your permit is ready</h2>" in message["html"]
