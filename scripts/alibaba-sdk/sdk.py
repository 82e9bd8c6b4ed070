# SPDX-License-Identifier: Apache-2.0
"""Shared by the checks with Alibaba's Python SDK: endpoint, AccessKeys and the report of the checks."""

import logging
import os

from alibabacloud_sts20150401.client import Client as STSClient
from alibabacloud_sts20150401.models import AssumeRoleRequest
from alibabacloud_tea_openapi.models import Config

ENDPOINT = os.environ["INTEROP_ENDPOINT"]
KEY = (os.environ["INTEROP_ID"], os.environ["INTEROP_SECRET"], None)
ROLE = "acs:ram::1234567890123456:role/sender"

# The SDK logs every rejection with its stack trace, and the rejections in these checks are expected.
logging.disable(logging.CRITICAL)


def config(key=KEY, endpoint=ENDPOINT, **options):
    """Returns a configuration of the SDK for plain HTTP."""
    return Config(access_key_id=key[0], access_key_secret=key[1], security_token=key[2], endpoint=endpoint,
                  protocol="http", **options)


def assumed_key():
    """Returns a temporary AccessKey with its token, obtained by AssumeRole."""
    request = AssumeRoleRequest(role_arn=ROLE, role_session_name="interop")
    issued = STSClient(config()).assume_role(request).body.credentials
    return issued.access_key_id, issued.access_key_secret, issued.security_token


class Report:
    """Prints one line for each check and counts the failures."""

    def __init__(self):
        self.failures = 0

    def note(self, passed, name, found, expected=None):
        self.failures += not passed
        wanted = "" if passed or expected is None else f", expected {expected}"
        print(f"{'ok  ' if passed else 'FAIL'} {name}: {found}{wanted}")

    def compare(self, name, expected, found):
        self.note(found == expected, name, found, expected)

    def exit_status(self):
        return 1 if self.failures else 0
