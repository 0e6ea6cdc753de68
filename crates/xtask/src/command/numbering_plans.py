"""Writes down what the phonenumbers package knows of the world's numbering plans, and what it makes of random numbers.

Usage: numbering_plans.py TABLE VERDICTS COUNT SEED. TABLE is written for the sandbox to read; its head says how. VERDICTS has COUNT
random numbers for each plan, for the sandbox's tests to compare with.
"""

import random
import re
import sys

import phonenumbers as library
from phonenumbers import PhoneMetadata, PhoneNumberType, ValidationResult

TABLE = f"""\
# The world's numbering plans, as far as the sandbox asks for them. Written by `cargo xtask numbering-plans`, from phonenumbers
# {library.__version__}, which has them from libphonenumber: Copyright The Libphonenumber Authors, Apache License 2.0,
# https://github.com/google/libphonenumber. Selected and put into this form here.
#
# plan COUNTRY-CODE REGION              The first region of a country code is its main one; 001 is the world.
# prefix PATTERN [REPLACEMENT]          What is dialled within the main region before a number.
# leading PATTERN                       Which numbers of the country code are the region's, where this is enough to tell.
# general LENGTHS [LOCAL-LENGTHS] PATTERN
# KIND LENGTHS PATTERN                  The first kind that fits is that of a number.
"""

VERDICTS = f"""\
# Random numbers, and what phonenumbers {library.__version__} makes of them, read with home in GB. Written by
# `cargo xtask numbering-plans`.
#
# TEXT COUNTRY-CODE NATIONAL-NUMBER LENGTH REGION KIND, or TEXT alone if it is no number; - stands for none.
"""

# In the order in which the library tries them.
KINDS = [
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "fixed_line",
    "mobile",
]


def plans():
    for code, regions in sorted(library.COUNTRY_CODE_TO_REGION_CODE.items()):
        for region in regions:
            yield code, region, PhoneMetadata.metadata_for_region_or_calling_code(code, region)


def lengths(numbers):
    return ",".join(map(str, numbers))


def kinds(plan):
    for kind in KINDS:
        # A plan whose fixed lines cannot be told from its mobiles has the same pattern twice.
        desc = getattr(plan, kind)
        if desc is not None and desc.national_number_pattern and desc.possible_length != (-1,):
            yield kind, desc


def table():
    for code, region, plan in plans():
        is_main = library.region_code_for_country_code(code) == region
        yield f"plan {code} {region}"
        if is_main and plan.national_prefix_for_parsing:
            rule = (plan.national_prefix_transform_rule or "").replace("\\", "$")
            yield f"prefix {plan.national_prefix_for_parsing} {rule}".rstrip()
        if plan.leading_digits:
            yield f"leading {plan.leading_digits}"
        general = plan.general_desc
        local = [lengths(general.possible_length_local_only)] if is_main else []
        columns = [lengths(general.possible_length), *filter(None, local), general.national_number_pattern]
        yield f"general {' '.join(columns)}"
        for kind, desc in kinds(plan):
            yield f"{kind} {lengths(desc.possible_length)} {desc.national_number_pattern}"


def draw(pattern, rng):
    """A random string that the pattern matches; of patterns as plans have them."""
    at = 0

    def alternatives():
        nonlocal at
        drawn = [sequence()]
        while at < len(pattern) and pattern[at] == "|":
            at += 1
            drawn.append(sequence())
        return lambda: rng.choice(drawn)()

    def sequence():
        nonlocal at
        items = []
        while at < len(pattern) and pattern[at] not in "|)":
            items.append(repeated(atom()))
        return lambda: "".join(item() for item in items)

    def atom():
        nonlocal at
        start, at = at, at + 1
        if pattern[start] == "(":
            at += 2 if pattern.startswith("?:", at) else 0
            inner = alternatives()
            at += 1
            return inner
        if pattern[start] == "[":
            at = pattern.index("]", start) + 1
        elif pattern[start] == "\\":
            at += 1
        one = pattern[start:at]
        if one == "$":
            return lambda: ""
        digits = [digit for digit in "0123456789" if re.fullmatch(one, digit)]
        return lambda: rng.choice(digits)

    def repeated(item):
        nonlocal at
        counted = re.compile(r"\?|\{(\d+)(?:,(\d+))?\}").match(pattern, at)
        if counted is None:
            return item
        at = counted.end()
        least = int(counted[1] or 0)
        most = int(counted[2] or counted[1] or 1)
        return lambda: "".join(item() for _ in range(rng.randint(least, most)))

    return alternatives()()


def disturb(digits, rng):
    """What people and programs make of a number by mistake."""
    at = rng.randrange(len(digits) + 1)
    some = str(rng.randrange(10))
    match rng.randrange(6):
        case 0:
            return digits[:at] + some + digits[at:]
        case 1:
            return digits[:at] + digits[at + 1 :]
        case 2:
            return digits[:at] + some + digits[at + 1 :]
        case 3:
            return digits[:at]
        case _:
            return digits


def random_text(code, plan, rng):
    patterns = [desc.national_number_pattern for _, desc in kinds(plan)] or [r"\d{4,12}"]
    patterns += [plan.general_desc.national_number_pattern]
    national = draw(rng.choice(patterns), rng)
    if rng.random() < 0.3:
        # With what is dialled before it at home.
        national = draw(plan.national_prefix_for_parsing or r"\d", rng) + national
    if rng.random() < 0.5:
        national = disturb(national, rng)
    before = rng.choice(["+", "+", "+", "+", "00", "", "0", "000", "++", "+00", "(", "+0"])
    text = f"{before}{code}{national}"
    if code == 44 and rng.random() < 0.5:
        text = rng.choice(["0", ""]) + national
    if rng.random() < 0.2:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice("()-+") + text[at:]
    return text


def verdict(text):
    try:
        number = library.parse(text, "GB")
    except library.NumberParseException:
        return text
    length = library.is_possible_number_with_reason(number)
    region = library.region_code_for_number(number)
    kind = library.number_type(number)
    names = {value: name.lower() for name, value in vars(PhoneNumberType).items() if isinstance(value, int)}
    lengths = {value: name.lower() for name, value in vars(ValidationResult).items() if isinstance(value, int)}
    return " ".join(
        [
            text,
            str(number.country_code),
            library.national_significant_number(number),
            lengths[length],
            region or "-",
            names[kind].replace("unknown", "-"),
        ]
    )


def verdicts(count, seed):
    rng = random.Random(seed)
    for code, _, plan in plans():
        for _ in range(count):
            yield verdict(random_text(code, plan, rng))


def write(path, head, lines):
    with open(path, "w", encoding="ascii", newline="\n") as file:
        file.write(head)
        file.writelines(f"{line}\n" for line in lines)


def main(table_path, verdicts_path, count, seed):
    write(table_path, TABLE, table())
    write(verdicts_path, VERDICTS, verdicts(count, seed))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
