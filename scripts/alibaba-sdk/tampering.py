# SPDX-License-Identifier: Apache-2.0
"""Modifies one thing in each request of the SDK, and checks the emulator's response code and inbox.

Prints a Markdown table with one row for each request.
"""

import hashlib
import http.client
import json
import re
import sys

from capture import HOST, PORT, capture
from sdk import KEY, assumed_key

MISMATCH = "SignatureDoesNotMatch"
INCOMPLETE = "IncompleteSignature"
failures = 0


def clear_inbox():
    inbox("DELETE", 204)


def inbox_count():
    return len(json.loads(inbox("GET", 200))["messages"])


def inbox(method, expected):
    connection = http.client.HTTPConnection(HOST, int(PORT), timeout=10)
    connection.request(method, "/api/v1/messages")
    response = connection.getresponse()
    text = response.read()
    connection.close()
    assert response.status == expected, response.status
    return text


def check(name, expected, change, accepted=0, **options):
    """Applies a change to a new request, sends it, and compares the code and the number of accepted messages."""
    global failures
    request = capture(**options)
    change(request)
    clear_inbox()
    status, code = request.send()
    messages = inbox_count()
    passed = (code, messages) == (expected, accepted)
    failures += not passed
    wanted = "" if passed else f" **FAIL**, expected {expected}, {accepted}"
    print(f"| {name} | {status} | `{code}` | {messages} |{wanted}")


# Each function below returns a change: a function that modifies a request.


def header(name, change):
    def apply(request):
        request[name] = change(request[name])
    return apply


def signed(change, secret=KEY[1], key_id=None):
    def apply(request):
        change(request)
        request.sign(secret, key_id)
    return apply


def with_body(body, digest=False):
    def apply(request):
        request.body = body
        request.drop("content-length")
        request.add("Content-Length", str(len(body)))
        if digest:
            request["x-acs-content-sha256"] = hashlib.sha256(body).hexdigest()
    return apply


def query(change):
    def apply(request):
        path, text = request.target.split("?", 1)
        request.target = f"{path}?{change(text)}"
    return apply


def authorization(old, new):
    def apply(request):
        text = re.sub(old, new, request["authorization"])
        assert text != request["authorization"]
        request["authorization"] = text
    return apply


def added(name, value):
    return lambda request: request.add(name, value)


def dropped(name):
    return lambda request: request.drop(name)


def replaced(old, new):
    return lambda request: request.replace(old, new)


def unchanged(request):
    pass


def replayed(request):
    assert request.send()[1] == "OK"
    clear_inbox()


def uppercase_signature(request):
    request["authorization"] = re.sub("(?<=Signature=).*", lambda match: match[0].upper(), request["authorization"])


def other_last_character(text):
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def next_second(date):
    return date[:-3] + f"{(int(date[-3:-1]) + 1) % 60:02}Z"


def check_parameters():
    check("unchanged", "OK", unchanged, accepted=1)
    check("parameters in another order", "OK", query(lambda text: "&".join(reversed(text.split("&")))), accepted=1)
    check("`+` written as `%20`", "OK", query(lambda text: text.replace("+", "%20")), accepted=1)
    check("signed again by the SDK's function", "OK", signed(unchanged), accepted=1)
    check("one character of the message", MISMATCH, replaced("123456", "123457"))
    check("one digit of the number", MISMATCH, replaced("6591234567", "6591234568"))
    check("`%2A` written as `%2B`", MISMATCH, replaced("%2A", "%2B"))
    check("parameter added", MISMATCH, query(lambda text: text + "&From=Acme"))
    check("empty parameter added", MISMATCH, query(lambda text: text + "&From="))
    check("parameter removed", MISMATCH, query(lambda text: re.sub("&?Type=OTP", "", text)))
    check("parameter repeated", MISMATCH, query(lambda text: text + "&To=6591234567"))
    check("`To` renamed to `to`", MISMATCH, query(lambda text: text.replace("To=", "to=")))
    check("`Message` removed, signed", "MissingMessage",
          signed(query(lambda text: re.sub("&?Message=[^&]*", "", text))))


def check_headers():
    old_date = header("x-acs-date", lambda text: "2018-05-01T00:00:00Z")
    check("date, one second later", MISMATCH, header("x-acs-date", next_second))
    check("date, years ago", "InvalidTimeStamp.Expired", old_date)
    check("date, years ago, signed", "InvalidTimeStamp.Expired", signed(old_date))
    check("date with a fraction, signed", "InvalidTimeStamp.Format",
          signed(header("x-acs-date", lambda text: text[:-1] + ".0Z")))
    check("nonce", MISMATCH, header("x-acs-signature-nonce", other_last_character))
    check("nonce removed, signed", "MissingParameter", signed(dropped("x-acs-signature-nonce")))
    check("sent twice", "SignatureNonceUsed", replayed)
    check("host", MISMATCH, header("host", lambda text: "dysmsapi.aliyuncs.com"))
    check("action", MISMATCH, header("x-acs-action", lambda text: "QueryMessage"))
    check("unknown action, signed", "InvalidAction.NotFound", signed(header("x-acs-action", lambda text: "SendSms")))
    check("version, signed", "InvalidVersion", signed(header("x-acs-version", lambda text: "2017-05-25")))
    check("signed `user-agent`", MISMATCH, header("user-agent", lambda text: text + "x"))
    check("unsigned `x-acs-` header", INCOMPLETE, added("x-acs-trace", "1"))
    check("unsigned `x-acs-security-token`", INCOMPLETE, added("x-acs-security-token", "t"))
    check("unsigned `content-type`", INCOMPLETE, added("content-type", "application/x-www-form-urlencoded"))
    check("signed header repeated", MISMATCH, added("x-acs-signature-nonce", "2"))


def check_bodies():
    form = b"ConversionRate=0.54&ReportTime=1700000000000"
    check("body added", MISMATCH, with_body(b"Message=other"))
    check("body and its digest added", MISMATCH, with_body(b"Message=other", digest=True))
    check("form, unchanged", "OK", unchanged, form=True)
    check("one byte of a form", MISMATCH, with_body(form), form=True)
    check("one byte of a form, and its digest", MISMATCH, with_body(form, digest=True), form=True)


def check_authorization(temporary):
    check("wrong secret", MISMATCH, signed(unchanged, secret=KEY[1] + "x"))
    check("secret with `&`, as in the older signature", MISMATCH, signed(unchanged, secret=KEY[1] + "&"))
    check("unknown AccessKey", "InvalidAccessKeyId.NotFound", authorization("Credential=[^,]+", "Credential=LTAInobody"))
    check("AccessKey of another user", MISMATCH, authorization("Credential=[^,]+", "Credential=" + temporary[0]))
    check("one digit of the signature", MISMATCH,
          authorization("(.)$", lambda match: other_last_character(match[1])))
    check("signature in upper case", MISMATCH, uppercase_signature)
    check("signature of one digit", INCOMPLETE, authorization("Signature=.*", "Signature=0"))
    check("signature removed", INCOMPLETE, dropped("authorization"))
    check("algorithm", INCOMPLETE, authorization("HMAC-SHA256", "HMAC-SHA1"))
    check("date not in `SignedHeaders`", INCOMPLETE, authorization("x-acs-date;", ""))
    check("host not in `SignedHeaders`", INCOMPLETE, authorization("host;", ""))
    check("absent header in `SignedHeaders`", MISMATCH, authorization("x-acs-version", "x-acs-version;x-acs-zone"))


def check_tokens(temporary):
    other_token = header("x-acs-security-token", lambda text: "CAISother")
    check("with a token, unchanged", "OK", unchanged, accepted=1, key=temporary)
    check("one character of the token", MISMATCH, header("x-acs-security-token", other_last_character), key=temporary)
    check("token removed", MISMATCH, dropped("x-acs-security-token"), key=temporary)
    check("another token, signed", "InvalidSecurityToken.MismatchWithAccessKey",
          signed(other_token, secret=temporary[1]), key=temporary)
    check("token for a permanent AccessKey, signed", "InvalidSecurityToken.MismatchWithAccessKey",
          signed(added("x-acs-security-token", temporary[2])))


def check_older_signature():
    older = {"signature_algorithm": "v2"}
    check("older signature: unchanged", "OK", unchanged, accepted=1, **older)
    check("older signature: one character of the message", MISMATCH, replaced("123456", "123457"), **older)
    check("older signature: parameter added", MISMATCH, query(lambda text: text + "&From=Acme"), **older)
    check("older signature: sent twice", "SignatureNonceUsed", replayed, **older)


def main():
    temporary = assumed_key()
    print("| change | status | code | messages in the inbox |")
    print("|---|---|---|---|")
    check_parameters()
    check_headers()
    check_bodies()
    check_authorization(temporary)
    check_tokens(temporary)
    check_older_signature()
    result = f"FAILED, {failures} unexpected results" if failures else "every result as documented"
    print(f"interop-tampering: {result}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
