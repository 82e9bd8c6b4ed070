# SPDX-License-Identifier: Apache-2.0
"""Obtains credentials from the emulator with every provider of the SDK, and sends a message with each credential."""

import base64
import json
import os
import sys
import time

from alibabacloud_credentials.client import Client as CredentialClient
from alibabacloud_credentials.provider import (
    EcsRamRoleCredentialsProvider, OIDCRoleArnCredentialsProvider, RamRoleArnCredentialsProvider,
    StaticSTSCredentialsProvider, URLCredentialsProvider)
from alibabacloud_dysmsapi20180501.client import Client
from alibabacloud_dysmsapi20180501.models import SendMessageToGlobeRequest
from alibabacloud_tea_openapi.models import Config

from sdk import ENDPOINT, KEY, ROLE, Report, assumed_key
from tls_proxy import TLSProxy

FOLDER = os.environ["INTEROP_FOLDER"]
NARROW_POLICY = json.dumps(
    {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "dysms:Send*"}]}, separators=(",", ":"))


def oidc_token(lifetime):
    """Returns an OIDC token that expires after a number of seconds. The emulator does not check its signature."""
    def encode(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    claims = {"iss": "https://cluster.example", "sub": "sender", "aud": ["sts"], "exp": int(time.time()) + lifetime}
    return ".".join([encode({"alg": "RS256"}), encode(claims), "bm90LXNpZ25lZA"])


class Providers:
    """Creates the SDK's credential providers, which obtain credentials from the emulator."""

    def __init__(self, sts_endpoint):
        self.role = {"role_arn": ROLE, "role_session_name": "interop", "sts_endpoint": sts_endpoint}

    def assumed_role(self, secret=KEY[1], **options):
        return RamRoleArnCredentialsProvider(access_key_id=KEY[0], access_key_secret=secret, **self.role, **options)

    def chained_role(self):
        return RamRoleArnCredentialsProvider(credentials_provider=self.assumed_role(), **self.role)

    def oidc(self, lifetime):
        path = os.path.join(FOLDER, f"token{lifetime}")
        with open(path, "w") as file:
            file.write(oidc_token(lifetime))
        return OIDCRoleArnCredentialsProvider(
            oidc_provider_arn="acs:ram::1234567890123456:oidc-provider/cluster", oidc_token_file_path=path, **self.role)

    def instance(self, **options):
        provider = EcsRamRoleCredentialsProvider(async_update_enabled=False, **options)
        # The SDK has no setting for this address, which responds only on an ECS instance.
        provider._EcsRamRoleCredentialsProvider__metadata_service_host = ENDPOINT
        return provider

    def sts_sdk(self):
        key_id, secret, token = assumed_key()
        return StaticSTSCredentialsProvider(access_key_id=key_id, access_key_secret=secret, security_token=token)

    def uri(self):
        return URLCredentialsProvider(uri=f"http://{ENDPOINT}/credentials")


def send(provider):
    client = Client(Config(credential=CredentialClient(provider=provider), endpoint=ENDPOINT, protocol="http"))
    request = SendMessageToGlobeRequest(to="6591234567", message="Code 123456 你好", type="OTP")
    return client.send_message_to_globe(request).body.response_code


def outcome(make, expected):
    try:
        return send(make())
    except Exception as error:
        # Errors of the credentials package have no code, so the code is taken from the text of the response.
        text = str(error)
        return getattr(error, "code", None) or (expected if expected in text else text[:200])


def main():
    providers = Providers(TLSProxy(ENDPOINT, FOLDER, os.environ["SSL_CERT_FILE"]).start())
    report = Report()
    for name, expected, make in [
        ("AssumeRole, older signature", "OK", providers.assumed_role),
        ("AssumeRole with a policy", "OK",
         lambda: providers.assumed_role(policy=NARROW_POLICY, duration_seconds=900)),
        ("AssumeRole, wrong secret", "SignatureDoesNotMatch", lambda: providers.assumed_role(KEY[1] + "x")),
        ("role assumed by another role", "OK", providers.chained_role),
        ("AssumeRole by the STS SDK, version 3 signature", "OK", providers.sts_sdk),
        ("AssumeRoleWithOIDC", "OK", lambda: providers.oidc(600)),
        ("AssumeRoleWithOIDC, expired token", "AuthenticationFail.OIDCToken.Expired", lambda: providers.oidc(-1)),
        ("metadata service", "OK", providers.instance),
        ("metadata service, version 2 only", "OK", lambda: providers.instance(disable_imds_v1=True)),
        ("metadata service, unknown role", "HttpCode=404",
         lambda: providers.instance(role_name="nobody", disable_imds_v1=True)),
        ("credentials URI", "OK", providers.uri),
    ]:
        report.compare(name, expected, outcome(make, expected))
    return report.exit_status()


if __name__ == "__main__":
    sys.exit(main())
