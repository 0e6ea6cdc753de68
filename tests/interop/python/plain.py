"""The token by Python's own means: json, base64 and hmac of the standard library.

As a program: reads an API key and a moment a line, with a tab between, and writes a line each: the token, a tab, and the moment as an
HTTP date, or nothing where the calendar ends.
"""

import base64
import email.utils
import hmac
import json
import sys

# The last second of the year 9999.
LAST = 253402300799


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(service, secret, moment):
    header = '{"alg":"HS256","typ":"JWT"}'
    claims = json.dumps({"iss": service, "iat": moment}, separators=(",", ":"))
    signed = f"{base64url(header.encode())}.{base64url(claims.encode())}"
    return f"{signed}.{base64url(hmac.digest(secret.encode(), signed.encode(), 'sha256'))}"


def main():
    for line in sys.stdin:
        key, moment = line.rstrip("\n").split("\t")
        moment = int(moment)
        date = email.utils.formatdate(moment, usegmt=True) if moment <= LAST else ""
        print(token(key[-73:-37], key[-36:], moment), date, sep="\t")


if __name__ == "__main__":
    main()
