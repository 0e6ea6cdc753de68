"""The HTML of e-mails, held to the libraries that the service itself renders with, over Markdown made up at random."""

import http.client
import json
import os
import random
import time

import pytest
from gov_uk_markdown import page, without_styles

SERVICE = "c0ffee00-0000-4000-8000-000000000001"

# How many texts each run compares: a few seconds' worth.
COUNT = int(os.environ.get("MARKDOWN_TEXTS", "1000"))

PIECES = """
* |- |+ |• |1. |12.|*|-|•|^|^ |> |# |## |### |####### |#|---|***|* * *|___|===|=|--|    |  | |   |```|~~~|``|`
|[a](b.c)|[a](https://b.c/d?e=f&g "t")|[](x)|![i](j)|[a]|[a][b]|[b]: https://x.y|[a]: <z> "title"|[^1]|[^1]: note
|<b>|<div>|</div>|<!-- c -->|<a@b.c>|<https://d.e>|https://f.gov.uk/g_h*i;|http://j.k/(l)|o'neil@m.no|GOV.UK|gov.uk/
|&amp;|&nbsp;|&copy;|&#39;|&lt;|&eacute;|&notit;|&#x80;|&lpar;|&copy|&|AT&T;|\\\\*|\\\\[|\\\\|"quoted"|'so'|it's| - | -- | — |...| ,| .|_|__x__|**y**|*z*|~~s~~
|| a | b |
|||-|-||
|a|b
|:-|-:
|word|two words|é|½|\u00a0|\u200b|\u2028|\u1680|\u001f|١.|日本|(|)|[|]|{|}|!|:|;|=|%20|100%|mailto:a@b.c|tel:+44
""".strip("\n")
PIECES = [piece for line in PIECES.split("\n") for piece in line.removeprefix("|").split("|")]
PIECES += ["|", " | ", "| a | b |", "|-|-|", "|:--|--:|", "a|b", "-|-", "\\|", "\\*", "\\[", "\\\\"]
PIECES = [piece.encode().decode("unicode_escape") if piece.startswith("\\u") else piece for piece in PIECES]
ENDS = ["\n", "\n", "\n", "\n\n", "\n\n", "\n\n\n", "  \n", "\n  ", "\n    ", "\t", " ", " ", "", "", "", "", "\r\n"]


def made_up(chance):
    return "".join(
        chance.choice(PIECES) + chance.choice(ENDS) for _ in range(chance.randint(1, chance.choice([3, 8, 20])))
    )


class Preview:
    """Asks the sandbox for the HTML of texts, over one connection."""

    def __init__(self, notify):
        self.key = notify.key("live")
        template = {"type": "email", "name": "Any text", "subject": "s", "body": "((a))"}
        self.template = notify.control("POST", f"/sandbox/services/{SERVICE}/templates", template)["id"]
        self.connection = http.client.HTTPConnection(notify.url.removeprefix("http://"))

    def __call__(self, text):
        body = json.dumps({"personalisation": {"a": text}})
        headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"}
        self.connection.request("POST", f"/v2/template/{self.template}/preview", body, headers)
        answer = json.load(self.connection.getresponse())
        return answer["html"]

    def token(self):
        from notifications_python_client.authentication import create_jwt_token

        return create_jwt_token(self.key[-36:], self.key[-73:-37])


@pytest.fixture
def preview(notify):
    return Preview(notify)


def test_any_markdown_becomes_the_html_of_the_service(preview):
    seed = int(os.environ.get("MARKDOWN_SEED", time.time_ns() % 1_000_000))
    chance = random.Random(seed)
    for _ in range(COUNT):
        text = made_up(chance)
        assert without_styles(preview(text)) == page(text), f"MARKDOWN_SEED={seed}: {text!r}"


@pytest.mark.parametrize(
    "text",
    [
        "a line\n* a list\n* at once\nand on",
        "a line\n---\nanother\n===\n",
        "a line\n\n---\n***\n* * *",
        "* a\n  * b\n    1. c\n\n      d\n* e\n\n\nf",
        "•a\n•b\n1.c\n+ d",
        "|a|b|\n|-|-|\n|1|[^n]|\n\n[^n]: note\n\nsee [^n]",
        "a|b\n-|-\n1|2\n",
        "![alt](https://a.b/c.png) and [![in](x)](y)",
        "```\nfence\n```\n~~~lang\nother\n~~~",
        "[a][B c]\n\n[b  C]: https://x.y 'no title'\n[d]: <e.f> \"title\"\n\n[d] [d][] [e]",
        "^ a\n^ * b\nc\n\n^^ d\n> e",
    ],
)
def test_what_a_letter_writer_would_try_becomes_the_html_of_the_service(preview, text):
    assert without_styles(preview(text)) == page(text)
