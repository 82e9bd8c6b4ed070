# SPDX-License-Identifier: Apache-2.0
"""Generates random requests and texts, with every character that escaping or encoding can get wrong."""

import base64

BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"
EXTENSION = "\f^{}\\[~]|€"
RESERVED = list("~*!'()+/%&=?#@:;,$[]\"<>`\\^{|}_-. ") + ["\r", "\n", "\r\n", "\t", "\0", "\x1b", "\x7f", "%2B", "%", "+"]
UNICODE = [
    "e\u0301", "é", "\u0301", "a\u0323\u0307", "ﬁ", "\u00a0", "\u200b", "\ufeff", "\ufffe", "\ufffd", "\u2028",
    "你好", "،", "شكرا", "\u202eabc\u202c", "\u200f", "שלום", "ç", "’", "한글", "\u1112\u1161\u11ab",
    "😀", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🇸🇬", "👍🏽", "𝒳", "𠀋", "\U0010ffff", "\U000e0041",
]


class Requests:
    def __init__(self, rng):
        self.rng = rng

    def scalar(self):
        while True:
            value = self.rng.choice([self.rng.randrange(limit) for limit in (0x80, 0x3000, 0x10000, 0x110000)])
            if not 0xD800 <= value <= 0xDFFF:
                return chr(value)

    def text(self):
        """Returns a text whose length is often near the limit of a segment."""
        rng = self.rng
        length = rng.choice([0, 1, rng.randrange(20), rng.randrange(60, 75), rng.randrange(130, 140),
                             rng.randrange(145, 165), rng.randrange(295, 312), rng.randrange(600)])
        kind = rng.randrange(5)
        if kind == 0:
            return "".join(rng.choice(EXTENSION if rng.random() < 0.2 else BASIC) for _ in range(length))
        if kind == 1:
            return "".join(rng.choice(RESERVED) for _ in range(length))
        if kind == 2:
            return "".join(self.scalar() for _ in range(length))
        sources = (RESERVED, UNICODE, BASIC, EXTENSION)
        result = "".join(rng.choice(rng.choice(sources)) for _ in range(length))
        return result[:length] if kind == 3 else result

    def name(self):
        """Returns a parameter name that needs no encoding: the newer signature of the SDK encodes values only."""
        return "".join(self.rng.choice("ABCXYZabcxyz019-_.~") for _ in range(self.rng.randrange(1, 12)))

    def token(self):
        return "CAIS" + base64.b64encode(self.rng.randbytes(self.rng.randrange(1, 60))).decode()

    def request(self):
        """Returns a request in the form that SigningWorker reads."""
        rng, text = self.rng, self.text()
        parameters = {"To": str(rng.randrange(10**9, 10**14)), "Message": text}
        for _ in range(rng.randrange(5)):
            parameters[self.name()] = self.text()[:80]
        parameters.pop("TemplateParam", None)
        template = {rng.choice(["code", "时间", "a b", self.text()[:8] or "x"]): self.text()[:200]
                    for _ in range(rng.randrange(1, 3))}
        pairs = list(parameters.items())
        rng.shuffle(pairs)
        return {
            "accessKeyID": "LTAI" + self.name().replace("~", "x"), "accessKeySecret": self.name().replace("~", "x") * 3,
            "securityToken": rng.choice([None, self.token()]),
            "host": rng.choice(["dysmsapi.ap-southeast-1.aliyuncs.com", "127.0.0.1:%d" % rng.randrange(1, 65536)]),
            "action": rng.choice(["SendMessageToGlobe", "SendMessageWithTemplate", "ConversionData"]),
            "date": rng.randrange(4 * 10**9), "nonce": rng.randbytes(16).hex(), "parameters": pairs,
            "template": rng.choice([None, template]), "isForm": rng.random() < 0.25, "text": text,
        }

    def request_with_any_names(self):
        """Returns a request whose parameter names contain any characters."""
        result = self.request()
        pairs = {}
        for _ in range(self.rng.randrange(2, 6)):
            candidates = [self.text()[:6], self.rng.choice(UNICODE), self.rng.choice(["é", "e\u0301"]), self.name()]
            pairs[self.rng.choice(candidates) or "x"] = self.text()[:10]
        result.update(parameters=list(pairs.items()), template=None, isForm=False)
        self.rng.shuffle(result["parameters"])
        return result
