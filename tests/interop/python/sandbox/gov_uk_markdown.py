"""The HTML that GOV.UK Notify makes of an e-mail, by the libraries that it uses itself: mistune and smartypants.

The parsing is theirs, but for the patterns that the service replaces. What stands in styles is left out: the recordings
hold the sandbox to that byte for byte.
"""

import html
import re
import urllib.parse

import mistune
import smartypants

BULLET = r"(?:[•*-]|\d+\.)"

# Kept as they are; every other reference becomes its character first.
KEPT = {"&nbsp;": "\ue000", "&amp;": "\ue001"}

# There are spaces in each, which what tidies punctuation sees.
STYLE = ' style="a b"'

SCHEMES = ("ftp:", "file:", "http:", "https:", "mailto:", "tel:")


class Block(mistune.BlockGrammar):
    block_quote = re.compile(r"^( *\^[^\n]+(\n[^\n]+)*\n*)+")
    list_block = re.compile(
        rf"^( *)({BULLET})[\s\S]+?("
        r"?:\n+(?=\1?(?:[-*_] *){3,}(?:\n+|$))"
        rf"|\n+(?={mistune._pure_pattern(mistune.BlockGrammar.def_links)})"
        rf"|\n+(?={mistune._pure_pattern(mistune.BlockGrammar.def_footnotes)})"
        rf"|\n{{2,}}(?! )(?!\1{BULLET} )\n*|\s*$)"
    )
    list_item = re.compile(rf"^(( *){BULLET}[^\n]*(?:\n(?!\2{BULLET})[^\n]*)*)", flags=re.M)
    list_bullet = re.compile(rf"^ *{BULLET}")


class Inline(mistune.InlineGrammar):
    url = re.compile(r"""^(https?://[^\s<]+[^<.,:"')\]\s])""")


mistune._block_quote_leading_pattern = re.compile(r"^ *\^ ?", flags=re.M)
smartypants.tags_to_skip = [*smartypants.tags_to_skip, "a"]


class Page(mistune.Renderer):
    def block_code(self, code, lang=None):
        return code

    def block_quote(self, text):
        return f"<div{STYLE}><blockquote{STYLE}>{text}</blockquote></div>"

    def header(self, text, level, raw=None):
        return f"<h{level + 1}{STYLE}>{text}</h{level + 1}>" if level < 3 else self.paragraph(text)

    def hrule(self):
        return f"<hr{STYLE}>"

    def list(self, body, ordered=True):
        name = "ol" if ordered else "ul"
        return f'<table role="presentation"{STYLE}><tr><td{STYLE}><{name}{STYLE}>{body}</{name}></td></tr></table>'

    def list_item(self, text):
        return f"<li{STYLE}>{text.strip()}</li>"

    def paragraph(self, text):
        return f"<p{STYLE}>{text}</p>" if text.strip() else ""

    def table(self, header, body):
        return ""

    def image(self, src, title, text):
        return ""

    def linebreak(self):
        return "<br>"

    newline = linebreak

    def link(self, link, title, text):
        text = text or link
        if not link.lower().startswith(SCHEMES):
            link = "http://" + link
        title = f' title="{title}"' if title else ""
        return f'<a{STYLE} href="{urllib.parse.quote(link, safe=":/?#=&;%")}"{title}>{text}</a>'

    def autolink(self, link, is_email=False):
        return link if is_email else self.link(link, None, "")

    def footnote_ref(self, key, index):
        return ""

    def footnote_item(self, key, text):
        return text

    def footnotes(self, text):
        return text


def escaped(text):
    for reference, stand_in in KEPT.items():
        text = text.replace(reference, stand_in)
    text = re.sub(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[^\t\n\f <&#;]{1,32});", lambda found: html.unescape(found[0]), text)
    text = html.escape(text, quote=False)
    for reference, stand_in in KEPT.items():
        text = text.replace(stand_in, reference)
    return text


def rendered(text):
    inline = mistune.InlineLexer(Page(), Inline(), hard_wrap=True)
    inline.default_rules = [
        rule
        for rule in inline.default_rules
        if rule not in ("emphasis", "double_emphasis", "strikethrough", "code")
    ]
    return mistune.Markdown(Page(), inline, mistune.BlockLexer(Block()))(text)


def straight(found):
    return re.sub("[‘’]", "'", found[0])


PLACEHOLDER = re.compile(r"\({2}([^()]+)\){2}")

YES = ("yes", "y", "true", "t", "1", "include", "show")


def filled(template, values):
    """A template's text with its values, as HTML."""

    def value(found):
        name, condition, text = found[1].partition("??")
        given = values[html.unescape(name)]
        if condition:
            return text if str(given).lower() in YES else ""
        if isinstance(given, list):
            items = ["* " + item.strip() for item in given if item.strip()]
            return escaped("\n\n" + "\n".join(items)) if items else ""
        return escaped(given)

    return PLACEHOLDER.sub(value, escaped(template))


def page(template, values):
    """The HTML of an e-mail."""
    text = re.sub(
        r"(^|\s)([#*^]?)(gov)\.(uk)(?![/?#])", "\\1\\2\\3.\u200b\\4", filled(template, values), flags=re.I
    )
    text = rendered(text.replace("\u2028", "").replace("\u3164", "") + "\n")
    text = re.sub(r"(?<![ \t])[ \t]+([,.])", r"\1", text)
    text = smartypants.smartypants(text, smartypants.Attr.q | smartypants.Attr.u)
    text = re.sub(r"(^|\s)\S+@\S+(\s|$)", straight, text, flags=re.M)
    return without_styles(re.sub(r"(?<!\s)\s+[-–—]{1,3}\s+", " – ", text))


def without_styles(text):
    return re.sub(r' style="[^"]*"', "", text)
