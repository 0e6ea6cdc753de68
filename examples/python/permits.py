"""The program under test: tells people that their permit is ready."""

from notifications_python_client.errors import HTTPError

TEMPLATE = "c0ffee00-0000-4000-8000-000000000011"


def tell(client, number, name, permit):
    """Sends a text, and returns its id; a service in trouble gets one retry."""
    for attempt in (1, 2):
        try:
            return client.send_sms_notification(
                phone_number=number,
                template_id=TEMPLATE,
                personalisation={"name": name, "permit number": permit},
                reference=permit,
            )["id"]
        except HTTPError as error:
            if error.status_code < 500 or attempt == 2:
                raise
