"""Python's judgement of the tokens: the same bytes from its own hmac, PyJWT reads them, and its own are read here.

Usage: tokens.py MINT VERIFY COUNT SEED, where MINT is a program that reads an API key and a moment a line, with a tab between, and
writes a token a line, and VERIFY one that reads a token as the third field, and writes `ok` and its moment, or what is wrong.
"""

import random
import subprocess
import sys
import uuid

import jwt

import plain

EDGES = [0, 9, 10, 59, 2**31 - 1, 2**31, 2**32, 10**9 - 1, 10**9, 10**10 - 1, 10**10, 2**53, 2**63, 2**64 - 1]
NAMES = ["", "a-", "my service-", "gcntfy-name-", "a-b-c-d-", "ümlaut-", "0-"]


def verdicts(verify, lines):
    done = subprocess.run([verify], input="".join(lines).encode(), stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().splitlines()


def main(mint, verify, count, seed):
    rng = random.Random(seed)
    cases = []
    for index in range(count):
        service, secret = (str(uuid.UUID(int=rng.getrandbits(128))) for _ in range(2))
        # All lengths of a number, the edges first.
        moment = EDGES[index] if index < len(EDGES) else rng.getrandbits(rng.randint(1, 64))
        key = f"{rng.choice(NAMES)}{service}-{secret}"
        cases.append((key, service, secret, moment))
    lines = "".join(f"{key}\t{moment}\n" for key, _, _, moment in cases)
    done = subprocess.run([mint], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    tokens = done.stdout.decode().splitlines()
    if len(tokens) != count:
        sys.exit(f"{len(tokens)} tokens for {count} cases")
    for index, ((_, service, secret, moment), token) in enumerate(zip(cases, tokens)):
        if token != plain.token(service, secret, moment):
            sys.exit(f"case {index} of seed {seed}: Python makes another token for the moment {moment}")
        read = jwt.decode(token, secret, algorithms=["HS256"], options={"verify_iat": False})
        if read != {"iss": service, "iat": moment}:
            sys.exit(f"case {index} of seed {seed}: PyJWT reads other claims")
    # Both orders of the header: PyJWT's own, and that of the service's official client.
    headers = [None, {"typ": "JWT", "alg": "HS256"}]
    theirs = [
        jwt.encode({"iss": service, "iat": moment}, secret, algorithm="HS256", headers=headers[index % 2])
        for index, (_, service, secret, moment) in enumerate(cases)
    ]
    lines = [f"{key}\t{moment}\t{token}\n" for (key, _, _, moment), token in zip(cases, theirs)]
    if verdicts(verify, lines) != [f"ok {moment}" for _, _, _, moment in cases]:
        sys.exit(f"seed {seed}: a token of PyJWT's is not believed")
    # Each token with the next one's key.
    strange = [f"{key}\t{moment}\t{token}\n" for (key, _, _, moment), token in zip(cases[1:], theirs)]
    if any(verdict != "the token was not made with this key" for verdict in verdicts(verify, strange)):
        sys.exit(f"seed {seed}: a token is believed with a strange key")
    print(f"Python {sys.version.split()[0]}, PyJWT {jwt.__version__}: {count} tokens are its own, and its own are believed (seed {seed})")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
