"""The service's own Python client, against a sandbox: every public method of it, with success and with a refusal.

Usage: client.py SERVICE, where SERVICE is a program that starts a sandbox, writes a line of JSON with its address and keys, and ends when
its input does.
"""

import inspect
import io
import json
import logging
import subprocess
import sys
import time
import traceback

import notifications_python_client
from notifications_python_client import prepare_upload
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

SMS, EMAIL, LETTER, FILE_EMAIL = (f"c0ffee00-0000-4000-8000-0000000000{end}" for end in ("11", "12", "13", "14"))
SENDER, REPLY_TO = "c0ffee00-0000-4000-8000-000000000022", "c0ffee00-0000-4000-8000-000000000032"
NOBODY = "c0ffee00-0000-4000-8000-0000000000ff"
PERMIT = {"name": "Amala", "permit_number": "X1"}
ADDRESS = {"address_line_1": "Amala Bird", "address_line_2": "123 High Street", "address_line_3": "SW14 6BF"}
PDF = b"%PDF-1.4\n%%EOF\n"

# What no key of a service may do, whatever it asks: the service has no such operation, or keeps it for its website.
NEVER_SUCCEED = {"put", "delete", "get_all_template_versions"}
# What asks nobody.
NEVER_REFUSED = {"generate_headers"}


class Watched:
    """A client that remembers which of its methods have succeeded, and which were refused."""

    succeeded, refused = set(), set()

    def __init__(self, key, url):
        self.client = NotificationsAPIClient(key, base_url=url)

    def __getattr__(self, name):
        method = getattr(self.client, name)

        def watched(*args, **kwargs):
            try:
                answer = method(*args, **kwargs)
                # An iterator asks only when somebody wants its items.
                answer = list(answer) if inspect.isgenerator(answer) else answer
            except HTTPError:
                self.refused.add(name)
                raise
            self.succeeded.add(name)
            return answer

        return watched


def refusal(status, error, message, call):
    """Expects a call to be refused with these words; error is None where the service answers outside its versioned API."""
    try:
        answer = call()
    except HTTPError as refused:
        assert refused.status_code == status, f"{refused}"
        said = [one["message"] for one in refused.message if one["error"] == error] if error else [refused.message]
        assert any(message in str(one) for one in said), f"{refused}"
    else:
        raise AssertionError(f"not refused: {answer}")


def until(ready, call):
    """The answer of a call, once it is ready: messages take a moment on their way."""
    for _ in range(200):
        answer = call()
        if ready(answer):
            return answer
        time.sleep(0.05)
    raise AssertionError(f"never ready: {answer}")


def send_sms(live, team, test):
    sent = live.send_sms_notification("07900900123", SMS, PERMIT, reference="sms-1", sms_sender_id=SENDER)
    assert sent["content"] == {"body": "Hello Amala, your permit X1 is ready.", "from_number": "PARKING"}, sent
    assert sent["reference"] == "sms-1" and sent["template"]["id"] == SMS and sent["scheduled_for"] is None, sent


def send_sms_refused(live, team, test):
    refusal(400, "ValidationError", "phone_number Not enough digits", lambda: test.send_sms_notification("079", SMS, PERMIT))
    refusal(400, "BadRequestError", "Missing personalisation: permit number", lambda: test.send_sms_notification("07900900123", SMS, {"name": "A"}))
    refusal(400, "BadRequestError", "team-only API key", lambda: team.send_sms_notification("07900900124", SMS, PERMIT))
    refusal(400, "BadRequestError", f"sms_sender_id {NOBODY} does not exist", lambda: test.send_sms_notification("07900900123", SMS, PERMIT, sms_sender_id=NOBODY))


def send_email(live, team, test):
    sent = live.send_email_notification(
        "amala@example.com", EMAIL, {**PERMIT, "name": "*A* see evil.com", "parking": True}, reference="email-1", email_reply_to_id=REPLY_TO,
        one_click_unsubscribe_url="https://example.com/u", sanitise_content_for=["name"],
    )
    assert sent["content"]["subject"] == "Your permit X1" and "zone A" in sent["content"]["body"], sent
    assert sent["content"]["one_click_unsubscribe_url"] == "https://example.com/u", sent
    assert sent["sanitised_content"]["name"]["sanitised"] == "\\*A\\* see evil\\. com", sent


def send_email_refused(live, team, test):
    refusal(400, "ValidationError", "email_address Not a valid email address", lambda: test.send_email_notification("amala@", EMAIL, PERMIT))
    refusal(400, "BadRequestError", "sms template is not suitable for email", lambda: test.send_email_notification("a@example.com", SMS, PERMIT))
    refusal(400, "ValidationError", "not a valid https url", lambda: test.send_email_notification("a@example.com", EMAIL, PERMIT, one_click_unsubscribe_url="http://x"))


def send_file(live, team, test):
    upload = prepare_upload(io.BytesIO(b"a,b\n1,2\n"), filename="figures.csv", confirm_email_before_download=False, retention_period="4 weeks")
    sent = test.send_email_notification("amala@example.com", FILE_EMAIL, {"name": "Amala", "link_to_file": upload})
    link = sent["content"]["body"].rsplit(" ", 1)[1]
    assert test.client.request_session.get(link).content == b"a,b\n1,2\n", link


def send_file_refused(live, team, test):
    too_large = io.BytesIO(b"x" * (2 * 1024 * 1024 + 1))
    try:
        prepare_upload(too_large)
    except ValueError:
        pass
    else:
        raise AssertionError("a file of more than 2 MB was prepared")
    for filename, message in [("figures", "must end with a file extension"), ("figures.exe", "Unsupported file type '.exe'")]:
        upload = prepare_upload(io.BytesIO(b"x"), filename=filename)
        error = "ValidationError" if filename == "figures" else "BadRequestError"
        refusal(400, error, message, lambda: test.send_email_notification("a@example.com", FILE_EMAIL, {"name": "A", "link_to_file": upload}))


def send_letter(live, team, test):
    sent = test.send_letter_notification(LETTER, {**PERMIT, **ADDRESS}, reference="letter-1")
    assert sent["content"]["subject"] == "Your permit X1" and sent["reference"] == "letter-1", sent


def send_letter_refused(live, team, test):
    refusal(400, "ValidationError", "Last line of address must be", lambda: test.send_letter_notification(LETTER, {**PERMIT, **ADDRESS, "address_line_3": "Nowhere"}))
    refusal(403, "BadRequestError", "Cannot send letters with a team api key", lambda: team.send_letter_notification(LETTER, {**PERMIT, **ADDRESS}))


def send_precompiled_letter(live, team, test):
    sent = test.send_precompiled_letter_notification("pdf-1", io.BytesIO(PDF), postage="first")
    assert sent["reference"] == "pdf-1" and sent["postage"] == "first" and set(sent) == {"id", "reference", "postage"}, sent
    until(lambda letter: letter["status"] == "received", lambda: test.get_notification_by_id(sent["id"]))


def send_precompiled_letter_refused(live, team, test):
    refusal(400, "ValidationError", "postage invalid", lambda: test.send_precompiled_letter_notification("r", io.BytesIO(PDF), postage="third"))


def get_notification(live, team, test):
    sent = test.send_sms_notification("07700900003", SMS, PERMIT)
    message = until(lambda message: message["status"] == "temporary-failure", lambda: live.get_notification_by_id(sent["id"]))
    assert message["phone_number"] == "07700900003" and message["body"] == sent["content"]["body"], message
    assert message["cost_details"]["billable_sms_fragments"] == 1, message


def get_notification_refused(live, team, test):
    refusal(400, "ValidationError", "notification_id is not a valid UUID", lambda: test.get_notification_by_id("x"))
    refusal(404, "NoResultFound", "No result found", lambda: test.get_notification_by_id(NOBODY))


def get_pdf(live, team, test):
    letter = test.send_letter_notification(LETTER, {**PERMIT, **ADDRESS})
    refusal(400, "PDFNotReadyError", "PDF not available yet", lambda: test.get_pdf_for_letter(letter["id"]))
    until(lambda letter: letter["status"] == "received", lambda: test.get_notification_by_id(letter["id"]))
    pdf = test.get_pdf_for_letter(letter["id"]).read()
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF"), pdf[:40]


def get_pdf_refused(live, team, test):
    sent = test.send_sms_notification("07900900123", SMS, PERMIT)
    refusal(400, "BadRequestError", "Notification is not a letter", lambda: test.get_pdf_for_letter(sent["id"]))


def get_all_notifications(live, team, test):
    for number in range(3):
        test.send_sms_notification("07900900123", SMS, PERMIT, reference=f"list-{number % 2}")
    page = test.get_all_notifications(template_type="sms", reference="list-0")
    newest, oldest = page["notifications"]
    assert newest["created_at"] > oldest["created_at"] and page["links"]["next"].endswith(f"older_than={oldest['id']}"), page["links"]
    assert test.get_all_notifications(reference="list-0", older_than=oldest["id"])["notifications"] == []
    assert live.get_all_notifications(reference="list-0")["notifications"] == [], "a live key saw what a test key sent"
    until(lambda page: len(page["notifications"]) == 2, lambda: test.get_all_notifications(status="delivered", reference="list-0", include_jobs=True))


def get_all_notifications_refused(live, team, test):
    refusal(400, "ValidationError", "status lost is not one of [", lambda: test.get_all_notifications(status="lost"))
    refusal(400, "ValidationError", "older_than is not a valid UUID", lambda: test.get_all_notifications(older_than="x"))


def iterate_notifications(live, team, test):
    for number in range(251):
        test.send_sms_notification("07900900123", SMS, PERMIT, reference="pages")
    messages = test.get_all_notifications_iterator(template_type="sms", reference="pages")
    assert len({message["id"] for message in messages}) == len(messages) == 251, len(messages)


def iterate_notifications_refused(live, team, test):
    refusal(400, "ValidationError", "template_type fax is not one of [sms, email, letter]", lambda: test.get_all_notifications_iterator(template_type="fax"))


def get_received_texts(live, team, test):
    page = test.get_received_texts()
    newest, after = page["received_text_messages"][0], page["received_text_messages"][1]
    assert newest["content"] == f"text {SERVICE['received_texts']}" and newest["user_number"] == "447900900123", newest
    assert test.get_received_texts(older_than=newest["id"])["received_text_messages"][0] == after


def get_received_texts_refused(live, team, test):
    refusal(400, "ValidationError", "older_than is not a valid UUID", lambda: test.get_received_texts(older_than="x"))


def iterate_received_texts(live, team, test):
    texts = [text["content"] for text in test.get_received_texts_iterator()]
    assert texts == [f"text {number}" for number in range(SERVICE["received_texts"], 0, -1)], len(texts)


def iterate_received_texts_refused(live, team, test):
    refusal(400, "ValidationError", "older_than is not a valid UUID", lambda: test.get_received_texts_iterator(older_than="x"))


def preview(live, team, test):
    shown = test.post_template_preview(EMAIL, PERMIT | {"parking": "no"})
    assert shown["subject"] == "Your permit X1" and "<h2" in shown["html"] and "zone A" not in shown["body"], shown


def preview_refused(live, team, test):
    refusal(400, "BadRequestError", "Missing personalisation: permit number, name, parking", lambda: test.post_template_preview(EMAIL, {}))


def get_template(live, team, test):
    template = test.get_template(LETTER)
    assert template["letter_contact_block"].startswith("Sandbox Borough Council\n") and template["postage"] == "second", template
    assert test.get_template_version(LETTER, 1) == template


def get_template_refused(live, team, test):
    refusal(404, "NoResultFound", "No result found", lambda: test.get_template(NOBODY))
    refusal(400, "ValidationError", "id is not a valid UUID", lambda: test.get_template("x"))
    refusal(404, "NoResultFound", "No result found", lambda: test.get_template_version(LETTER, 2))


def get_all_templates(live, team, test):
    templates = test.get_all_templates()["templates"]
    assert [template["name"] for template in templates] == sorted(template["name"] for template in templates), templates
    assert {template["type"] for template in test.get_all_templates("email")["templates"]} == {"email"}


def get_all_templates_refused(live, team, test):
    refusal(400, "ValidationError", "type fax is not one of [sms, email, letter]", lambda: test.get_all_templates("fax"))
    refusal(401, None, "Unauthorized: not allowed to perform this action", lambda: test.get_all_template_versions(SMS))


def any_request(live, team, test):
    assert test.get("/v2/templates", params={"type": "sms"}) == test.request("GET", "/v2/templates", params={"type": "sms"})
    assert test.post(f"/v2/template/{SMS}/preview", data={"personalisation": PERMIT})["id"] == SMS
    assert test.generate_headers("token")["Authorization"] == "Bearer token"


def any_request_refused(live, team, test):
    not_found, not_allowed = "The requested URL was not found", "The method is not allowed"
    refusal(404, None, not_found, lambda: test.get("/v2/nothing"))
    refusal(404, None, not_found, lambda: test.request("GET", "/v2/templates/"))
    refusal(405, None, not_allowed, lambda: test.post("/v2/templates", data={}))
    refusal(405, None, not_allowed, lambda: test.put("/v2/templates", data={}))
    refusal(405, None, not_allowed, lambda: test.delete("/v2/templates"))


def unknown_caller_refused(live, team, test):
    wrong = Watched(SERVICE["test"][:-1] + "0", SERVICE["url"])
    refusal(403, "AuthError", "Invalid token: API key not found", lambda: wrong.get_all_templates())


def every_method_was_driven(live, team, test):
    methods = {name for name, _ in inspect.getmembers(NotificationsAPIClient, inspect.isfunction) if not name.startswith("_")}
    left = methods - NEVER_SUCCEED - Watched.succeeded
    assert not left, f"never with success: {left}"
    left = methods - NEVER_REFUSED - Watched.refused
    assert not left, f"never refused: {left}"


CHECKS = [
    send_sms, send_sms_refused, send_email, send_email_refused, send_file, send_file_refused, send_letter, send_letter_refused,
    send_precompiled_letter, send_precompiled_letter_refused, get_notification, get_notification_refused, get_pdf, get_pdf_refused,
    get_all_notifications, get_all_notifications_refused, iterate_notifications, iterate_notifications_refused, get_received_texts,
    get_received_texts_refused, iterate_received_texts, iterate_received_texts_refused, preview, preview_refused, get_template,
    get_template_refused, get_all_templates, get_all_templates_refused, any_request, any_request_refused, unknown_caller_refused,
    every_method_was_driven,
]

logging.disable(logging.WARNING)
process = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
SERVICE = json.loads(process.stdout.readline())
clients = [Watched(SERVICE[key], SERVICE["url"]) for key in ("live", "team", "test")]
failed = 0
for check in CHECKS:
    try:
        check(*clients)
    except Exception:
        failed += 1
        print(f"FAILED: {check.__name__}\n{traceback.format_exc()}", file=sys.stderr)
process.stdin.close()
process.wait()
print(f"notifications-python-client {notifications_python_client.__version__}: {len(CHECKS) - failed} passed, {failed} failed")
sys.exit(failed > 0)
