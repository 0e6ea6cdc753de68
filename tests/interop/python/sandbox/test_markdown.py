"""The HTML of e-mails, compared with the libraries that the service itself renders with, for random Markdown."""

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
PIECES += """
[**a** _b_](c.d) [`a`](b.c) [![a](b)](c.d) [a\\]b](c) [a](b(c)d) [a](<b>) <br> <br/> <hr> <p> </p> <pre> </pre> <script> </b> </a>
<a&nbsp;href="b.c"> <b>**x**</b> <https://> [a]: [^2] [^2]: 10. 1) -- --- `code` ``a`b`` ***x*** __x **y _z_ ~~s 👍 ﬁ İ ß e\u0301
\u202e \u00ad \ufeff http://a.b http://a.b, www.a.b (http://a.b). https://a.b/?c=d&e=f#g HTTPS://A.B mailto:a@b.c a@b.c
\\~ \\> \\- \\. \\! \\( \\_ \\# \\`
""".split()
PIECES += ["\u3000", "|", " | ", "| a | b |", "|-|-|", "|:--|--:|", "a|b", "-|-", "\\|", "\\*", "\\[", "\\\\"]
PIECES = [piece.encode().decode("unicode_escape") if piece.startswith("\\u") else piece for piece in PIECES]
ENDS = ["\n", "\n", "\n", "\n\n", "\n\n", "\n\n\n", "  \n", "\n  ", "\n    ", "\t", " ", " ", "", "", "", "", "\r\n"]


# What may stand before each line of a text within a text: a list, a quotation, a table, code.
WITHIN = ["* ", "  ", "    ", "1. ", "^ ", "> ", "| ", "\t", "  * ", "# "]


def made_up(chance):
    text = "".join(
        chance.choice(PIECES) + chance.choice(ENDS) for _ in range(chance.randint(1, chance.choice([3, 8, 20])))
    )
    while chance.random() < 0.2:
        first = chance.choice(WITHIN)
        rest = chance.choice([first, "  ", "    ", ""])
        text = first + text.replace("\n", "\n" + rest) + chance.choice(ENDS)
    return text


class Preview:
    """Asks the sandbox for the HTML of texts, over one connection."""

    def __init__(self, notify):
        self.notify = notify
        self.key = notify.key("live")
        self.template = None
        self.body = None
        self.connection = http.client.HTTPConnection(notify.url.removeprefix("http://"))

    def __call__(self, template, values):
        if template != self.body:
            # The next version, from the second on.
            new = {"type": "email", "name": "Any text", "subject": "s", "body": template}
            new |= {"id": self.template} if self.template else {}
            self.template = self.notify.control("POST", f"/sandbox/services/{SERVICE}/templates", new)["id"]
            self.body = template
        body = json.dumps({"personalisation": values})
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


@pytest.fixture
def seed():
    return int(os.environ.get("MARKDOWN_SEED", time.time_ns() % 1_000_000))


def assert_equal(preview, template, values, seed=None):
    html = without_styles(preview(template, values))
    assert html == page(template, values), f"MARKDOWN_SEED={seed}: {template!r} with {values!r}"


def test_any_markdown_becomes_the_html_of_the_service(preview, seed):
    chance = random.Random(seed)
    for _ in range(COUNT):
        assert_equal(preview, "((a))", {"a": made_up(chance)}, seed)


def test_any_template_becomes_the_html_of_the_service(preview, seed):
    """Text around placeholders, some of them with conditions or lists."""
    chance = random.Random(seed)
    for _ in range(COUNT // 5):
        # What is in brackets must not look like a placeholder of its own.
        text = [made_up(chance).replace("(", "").replace(")", "") for _ in range(4)]
        holders = chance.sample(["((a))", "((b))", "((list))", "((c??" + (text[3].replace("?", "") or "d") + "))"], 3)
        template = "".join(one + holder for one, holder in zip(text, holders))
        values = {
            "a": made_up(chance),
            "b": chance.choice(["word", "", "1", "https://a.b", "<b>&amp;</b>", "* c", "# d"]),
            "list": [chance.choice(["e", " f ", "", "<g>", "h & i", "j\nk", "l.", "https://m.n"]) for _ in range(3)],
            "c": chance.choice(["yes", "no", "Include", "2", ""]),
        }
        assert_equal(preview, template, values, seed)


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
    assert_equal(preview, "((a))", {"a": text})
    assert_equal(preview, text, {})
