"""The JSON Schema of worlds, compared with what the sandbox loads, using an independent validator."""

import copy
import json
import os
import random
import re
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

DOCS = Path("docs")
SCHEMA = json.loads((DOCS / "world.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
RECORDED = sorted(Path("tests/wire").glob("**/world.json"))
BUILT_IN = Path("crates/notify-sandbox/src/world/built_in.json")

# How many changed worlds each run compares.
COUNT = int(os.environ.get("WORLDS", "3000"))

ID = "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11"

# One of everything, so that a change can hit any field.
EVERYTHING = {
    "about": "a",
    "services": [
        {
            "id": ID, "label": "l", "name": "n", "active": True, "suspended": False, "trial_mode": False,
            "rate_limit_per_minute": 1, "message_limit": 1, "sms_message_limit": 1, "email_message_limit": None,
            "letter_message_limit": 1, "international_sms_message_limit": 1, "sms_annual_limit": 1,
            "email_annual_limit": 1, "prefix_sms": True, "contact_link": "c", "email_from": None,
            "email_sender_local_part": "e", "sending_domain": "d", "permissions": ["sms"],
            "team": [{"email_address": "e", "mobile_number": None}],
            "guest_list": [{"type": "mobile", "recipient": "r"}],
            "api_keys": [{
                "id": ID, "label": "l", "name": "n", "type": "live", "secret": "s", "revoked_seconds_ago": 1,
                "expires_in_seconds": -1, "permissions": ["p"],
            }],
            "sms_senders": [{"id": ID, "sms_sender": "s", "is_default": True, "archived": False}],
            "email_reply_to": [{"id": ID, "email_address": "e", "is_default": True, "archived": False}],
            "letter_contacts": [{"id": ID, "contact_block": "c", "is_default": True}],
            "inbound_numbers": ["1"],
            "received_texts": [{
                "id": ID, "created_at": "2026-11-23T10:37:19.031939Z", "service_id": ID, "notify_number": "1",
                "user_number": "447900900123", "content": "c",
            }],
            "callbacks": [{
                "kind": "complaint", "url": "http://a.b/", "bearer_token": "a long token", "statuses": ["s"],
                "include_provider_payload": True,
            }],
            "templates": [{
                "id": ID, "label": "l", "name": "n", "type": "sms", "subject": None, "body": "b", "version": 1,
                "current": True, "archived": False, "hidden": False, "postage": None,
                "created_at": "2026-11-23T10:37:18.983483Z", "updated_at": "2026-11-23T12:00:00+01:00", "created_by": "c", "letter_contact_id": ID, "letter_contact_block": None,
                "template_category_id": None, "personalisation": {"a": {"required": True}},
            }],
        }
    ],
    "contact_information": {"1": {"phone_number": "p"}},
    "template_categories": [{"id": ID, "name_en": "n", "hidden": False, "sms_process_type": "s"}],
}  # fmt: skip


def problems(worlds):
    """What the sandbox finds wrong with each, a value or a text: an error, or None."""
    lines = "".join((world if isinstance(world, str) else json.dumps(world)) + "\n" for world in worlds)
    done = subprocess.run([os.environ["NOTIFY_WORLDS"]], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def places(value, path=()):
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def changed(chance):
    world = copy.deepcopy(EVERYTHING)
    # What is inside these is free, to both sides.
    free = {"contact_information", "personalisation"}
    paths = [path for path in places(world) if path and not free & set(path[:-1])]
    *way, last = chance.choice(paths)
    parent = world
    for key in way:
        parent = parent[key]
    change = chance.choice(["remove", "rename", "add", "replace", "replace"])
    if change == "remove":
        del parent[last]
    elif change == "replace" or not isinstance(parent, dict):
        parent[last] = chance.choice([None, True, 0, 7, -1, 1.5, 2**32, "", "x", [], {}, [None], {"x": 1}])
    elif change == "rename":
        parent[last[:-1] + chance.choice("xyz_")] = parent.pop(last)
    else:
        parent[chance.choice(["x", "nmae", "premissions", "Id", "about", "label"])] = 1
    return world


def test_what_the_schema_accepts_is_what_loads():
    seed = int(os.environ.get("WORLD_SEED", time.time_ns() % 1_000_000))
    chance = random.Random(seed)
    worlds = [EVERYTHING, *(changed(chance) for _ in range(COUNT))]
    for world, problem in zip(worlds, problems(worlds), strict=True):
        errors = [error.message for error in VALIDATOR.iter_errors(world)]
        # A schema cannot say what a URL or a time is, nor what refers to nothing.
        if problem and re.search(r"url: |_id`$|`service_id` is not|is not a time|_at` is before", problem):
            continue
        assert bool(problem) == bool(errors), f"WORLD_SEED={seed}: {problem} / {errors}: {json.dumps(world)}"


@pytest.mark.parametrize("path", [*RECORDED, BUILT_IN], ids=str)
def test_every_recorded_world_is_one_to_both(path):
    world = json.loads(path.read_text())
    assert [error.message for error in VALIDATOR.iter_errors(world)] == []
    assert problems([world]) == [None]


def test_the_worlds_of_the_documentation_are_worlds():
    blocks = re.findall(r"```json\n(.*?)```", (DOCS / "world.md").read_text(), re.S)
    worlds = [json.loads(block) for block in blocks]
    assert len(worlds) > 1 and problems(worlds) == [None] * len(worlds)
    for world in worlds:
        VALIDATOR.validate(world)


def test_the_mistakes_of_the_documentation_are_told_in_these_words():
    text = re.search(r"```text\n(.*?)```", (DOCS / "world.md").read_text(), re.S)[1]
    template = {"name": "n", "type": "sms", "body": "b"}
    twice = {**template, "id": ID}
    worlds = [
        {"services": [{"premissions": []}]},
        {"services": [{"templates": [template] * 3 + [{**template, "type": "text"}]}]},
        {"services": [{}, {"api_keys": [{"name": "n"}]}]},
        {"services": [{}, {"templates": [template, twice, twice]}]},
        {"services": [{}, {"templates": [template] * 3 + [{**template, "type": "email"}]}]},
        {"services": [{}, {"permissions": ["smss"]}]},
        '{"services": [{}, {}, {"name": "a", "name": "b"}]}',
    ]
    assert problems(worlds) == text.splitlines()


def test_a_world_is_made_of_the_templates_that_the_command_prints(notify, notify_program):
    command = [os.environ.get("NOTIFY_PROGRAM", "notify"), "templates", "--output", "json"]
    environment = {**os.environ, "NOTIFY_API_KEY": notify.key("live"), "NOTIFY_BASE_URL": notify.url}
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    world = {"services": [{"name": "Copy", "templates": json.loads(printed.stdout)["templates"]}]}
    assert problems([world]) == [None]
    VALIDATOR.validate(world)
