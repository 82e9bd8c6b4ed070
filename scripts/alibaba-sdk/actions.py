# SPDX-License-Identifier: Apache-2.0
"""Calls every action of the SMS gateway with the SDK, with valid and with invalid requests."""

import json
import os
import sys
import time

from alibabacloud_dysmsapi20180501 import models
from alibabacloud_dysmsapi20180501.client import Client

from sdk import KEY, Report, assumed_key, config

TEXT = "Code 1+1=2 & 100% ~sure* (don't!) /a?b#c\n你好 😀 123456"
NUMBER = "6591234567"
report = Report()


def call(method, request):
    """Returns the response code and the body; the body is `None` if the SDK throws."""
    for attempt in range(3):
        try:
            body = method(request).body
            return body.response_code, body
        except Exception as error:
            code = getattr(error, "code", None) or type(error).__name__
            # The gateway accepts one batch per second.
            if not str(code).startswith("Throttling") or attempt == 2:
                return code, None
            time.sleep(1.1)


def check(name, expected, result):
    report.compare(name, expected, result[0])
    return result[1]


def check_fields(name, body, *absent):
    """Checks that every field that the SDK declares is a non-empty string."""
    fields = {} if body is None else vars(body)
    details = vars(fields.pop("number_detail")) if fields.get("number_detail") else {}
    fields = {key: value for key, value in {**fields, **details}.items() if key not in absent and not key[0] == "_"}
    missing = [key for key, value in fields.items() if not isinstance(value, str) or not value]
    found = f"missing {', '.join(missing)}" if missing else f"{len(fields)} fields"
    report.note(bool(fields) and not missing, f"{name}: every field is a string", found)


def message(**fields):
    fields = {"to": NUMBER, "message": TEXT, "from_": "Alicloud321", "type": "OTP", "task_id": "interop",
              "validity_period": 300, **fields}
    return models.SendMessageToGlobeRequest(**fields)


def batch(to, texts, **fields):
    return models.BatchSendMessageToGlobeRequest(
        to=json.dumps(to), message=json.dumps(texts), from_="Alicloud321", **{"type": "NOTIFY", **fields})


def template():
    return models.SendMessageWithTemplateRequest(
        to="8613800000000", from_="阿里云", template_code="SMS_123456", sms_up_extend_code="90999",
        template_param=json.dumps({"code": "123456", "product": "a+b &%~*'()"}), validity_period=300)


def check_actions(kind, client):
    """Calls all actions that send or report, and returns the ID of the message that was sent."""
    body = check(f"{kind}, SendMessageToGlobe", "OK", call(client.send_message_to_globe, message()))
    check_fields(f"{kind}, SendMessageToGlobe", body)
    message_id = body.message_id if body else "none"
    now = int(time.time() * 1000)
    check(f"{kind}, SmsConversion", "OK", call(client.sms_conversion, models.SmsConversionRequest(
        message_id=message_id, delivered=True, to=NUMBER, conversion_time=now)))
    check(f"{kind}, ConversionData", "OK", call(client.conversion_data, models.ConversionDataRequest(
        conversion_rate="0.53", report_time=now)))
    body = check(f"{kind}, BatchSendMessageToGlobe", "OK", call(client.batch_send_message_to_globe, batch(
        [NUMBER, "85212345678"], [TEXT, "你好"], task_id="interop")))
    check_fields(f"{kind}, BatchSendMessageToGlobe", body, "failed_list")
    ids = json.loads(body.message_id_list) if body else []
    report.note(len(ids) == 2 and body.success_count == "2", f"{kind}, batch of two", f"{len(ids)} messages")
    body = check(f"{kind}, SendMessageWithTemplate", "OK", call(client.send_message_with_template, template()))
    check_fields(f"{kind}, SendMessageWithTemplate", body)
    return message_id


def check_delivery(kind, client, message_id):
    code, body = None, None
    for _ in range(150):
        code, body = call(client.query_message, models.QueryMessageRequest(message_id=message_id))
        if code != "OK" or body.status != "3":
            break
        time.sleep(0.1)
    report.note(code == "OK" and body.status == "1", f"{kind}, QueryMessage until delivery", code)
    check_fields(f"{kind}, QueryMessage", body)
    found = body and (body.message, body.message_id, body.to, body.error_code)
    report.note(found == (TEXT, message_id, NUMBER, "DELIVERED"), f"{kind}, QueryMessage returns the message", code)


def check_rejections(temporary):
    client = Client(config())
    wrong = (KEY[0], KEY[1] + "x", None)
    send = lambda key=KEY, **options: Client(config(key, **options)).send_message_to_globe
    over_limit = batch([str(85260000000 + number) for number in range(1001)], ["x"] * 1001)
    no_json = models.BatchSendMessageToGlobeRequest(to="[", message='["x"]', type="NOTIFY")
    for name, expected, method, request in [
        ("wrong secret", "SignatureDoesNotMatch", send(wrong), message()),
        ("older signature, wrong secret", "SignatureDoesNotMatch", send(wrong, signature_algorithm="v2"), message()),
        ("unknown AccessKey", "InvalidAccessKeyId.NotFound", send(("LTAInobody", KEY[1], None)), message()),
        ("another token", "InvalidSecurityToken.MismatchWithAccessKey", send((*temporary[:2], "CAISother")), message()),
        ("number in mainland China", "NOT_SUPPORTED_COUNTRY", send(), message(to="8613800000000")),
        ("malformed number", "MOBILE_NUMBER_ILLEGAL", send(), message(to="12")),
        ("no number", "MissingTo", send(), message(to=None)),
        ("batch of 1,001", "MOBILE_COUNT_OVER_LIMIT", client.batch_send_message_to_globe, over_limit),
        ("batch that is not JSON", "INVALID_JSON_PARAM", client.batch_send_message_to_globe, no_json),
        ("unknown message", "DATA_NOT_EXIST", client.query_message, models.QueryMessageRequest(message_id="1")),
    ]:
        check(name, expected, call(method, request))


def main():
    temporary = assumed_key()
    print(f"core {os.environ['INTEROP_CORE']}")
    older = {"signature_algorithm": "v2"}
    clients = [(kind, Client(config(key, **options))) for kind, key, options in [
        ("AccessKey", KEY, {}), ("STS token", temporary, {}), ("older signature", KEY, older),
        ("older signature, STS token", temporary, older)]]
    sent = [(kind, client, check_actions(kind, client)) for kind, client in clients]
    for entry in sent:
        check_delivery(*entry)
    check_rejections(temporary)
    return report.exit_status()


if __name__ == "__main__":
    sys.exit(main())
