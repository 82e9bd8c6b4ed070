// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AlibabaSMS

/// Tests of parsing `HTTPS_PROXY` and `NO_PROXY`.
@Suite struct ProxyRuleTests {
    @Test(
        "URLs of HTTP proxies are read",
        arguments: [
            ("http://proxy.example.com:3128", "proxy.example.com", 3128, nil, nil),
            ("http://proxy.example.com", "proxy.example.com", 80, nil, nil),
            ("proxy.example.com:3128", "proxy.example.com", 3128, nil, nil),
            ("HTTP://10.0.0.1:8080/", "10.0.0.1", 8080, nil, nil), ("http://[fd00::1]:3128", "fd00::1", 3128, nil, nil),
            ("http://me:secret@proxy:1", "proxy", 1, "me", "secret"), ("http://me@proxy:1", "proxy", 1, "me", nil),
            ("http://d%40me:p%3A%2Fw%25@proxy:1", "proxy", 1, "d@me", "p:/w%"),
        ] as [(String, String, Int, String?, String?)]
    )
    func urls(_ url: String, _ host: String, _ port: Int, _ user: String?, _ password: String?) throws {
        let proxy = try HTTPProxy(url: url)
        #expect(proxy.host == host)
        #expect(proxy.port == port)
        #expect(proxy.user == user)
        #expect(proxy.password == password)
    }

    @Test(
        "Other texts are rejected without a quotation",
        arguments: [
            "", "://", "https://me:secret@proxy:1", "socks5://me:secret@proxy:1", "http://", "http://me:secret@",
            "http://me:secret@proxy:0", "http://me:secret@proxy:70000", "http://me:secret@proxy:1/path",
            "http://me:secret@proxy:1?x",
        ]
    )
    func otherTexts(_ url: String) {
        let error = #expect(throws: AlibabaSMSError.self) { try HTTPProxy(url: url) }
        #expect(error?.field == "proxy")
        #expect(error?.message.contains("secret") == false)
    }

    @Test("Descriptions and dumps contain neither user nor password")
    func redaction() throws {
        let proxy = try HTTPProxy(url: "http://me:secret@[::2]:3128")
        var dumped = ""
        dump(proxy, to: &dumped)
        #expect("\(proxy)" == "[::2]:3128")
        for text in [dumped, String(reflecting: proxy), "\(proxy)"] {
            #expect(!text.contains("secret"))
            #expect(!text.contains("me"))
        }
    }

    @Test("The environment variables may be upper-case or lower-case")
    func environment() throws {
        #expect(try HTTPProxy.fromEnvironment([:]) == nil)
        #expect(try HTTPProxy.fromEnvironment(["HTTPS_PROXY": "", "HTTP_PROXY": "http://a:1"]) == nil)
        #expect(try HTTPProxy.fromEnvironment(["https_proxy": "http://a:1"])?.host == "a")
        #expect(try HTTPProxy.fromEnvironment(["https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"])?.host == "b")
        let proxy = try HTTPProxy.fromEnvironment(["https_proxy": "http://a:1", "no_proxy": "x.test, y.test z.test,,"])
        for host in ["x.test", "y.test", "z.test"] { #expect(proxy?.applies(to: "https://\(host)/") == false) }
        #expect(proxy?.applies(to: "https://w.test/") == true)
        #expect(throws: AlibabaSMSError.self) { try HTTPProxy.fromEnvironment(["HTTPS_PROXY": "socks5://a"]) }
    }

    @Test(
        "This host, the link and the metadata service never go through a proxy",
        arguments: [
            "https://localhost", "https://LocalHost:8443/x", "https://localhost.", "https://x.localhost",
            "https://127.0.0.1:1", "https://127.9.9.9", "https://[::1]:1/", "https://[::ffff:127.0.0.1]",
            "https://0.0.0.0", "https://[::]", "https://169.254.169.254", "https://100.100.100.200/latest",
            "https://[fe80::1]", "https://user@127.0.0.1/",
        ]
    )
    func local(_ url: String) throws {
        var proxy = try HTTPProxy(url: "http://proxy:1")
        proxy.includesPlaintext = true
        #expect(!proxy.applies(to: url))
        #expect(!proxy.applies(to: url.replacing("https://", with: "http://")))
    }

    @Test("Only https goes through the proxy, unless plaintext is included")
    func plaintext() throws {
        var proxy = try HTTPProxy(url: "http://proxy:1")
        #expect(proxy.applies(to: "https://sts.aliyuncs.com/?x=http://localhost"))
        #expect(!proxy.applies(to: "http://sts.aliyuncs.com/"))
        #expect(!proxy.applies(to: "nonsense"))
        proxy.includesPlaintext = true
        #expect(proxy.applies(to: "http://sts.aliyuncs.com/"))
    }

    @Test(
        "Hosts of NO_PROXY are reached directly",
        arguments: [
            ("*", "https://a.test", true), ("a.test", "https://a.test", true), ("a.test", "https://x.a.test", true),
            ("a.test", "https://xa.test", false), (".a.test", "https://a.test", false),
            (".a.test", "https://x.a.test", true), ("*.a.test", "https://x.a.test", true),
            ("A.Test", "https://a.TEST./", true), ("a.test.", "https://a.test", true),
            ("a.test:443", "https://a.test", true), ("a.test:8443", "https://a.test", false),
            ("a.test:8443", "https://a.test:8443", true), ("10.1.2.3", "https://10.1.2.3", true),
            ("10.1.2.3", "https://10.1.2.30", false), ("10.0.0.0/8", "https://10.200.0.1", true),
            ("10.0.0.0/8", "https://11.0.0.1", false), ("10.0.0.0/9", "https://10.200.0.1", false),
            ("0.0.0.0/0", "https://8.8.8.8", true), ("::/0", "https://[fd00::1]", true),
            ("my_host-1.test", "https://my_host-1.test", true), ("bücher.test", "https://x.bücher.test", true),
            ("fd00::/16", "https://[fd00:1::2]", true), ("fd00::/16", "https://[fd01::2]", false),
            ("[fd00::1]", "https://[fd00::1]", true), ("[fd00::1]:443", "https://[fd00::1]", true),
            ("fd00::1", "https://[fd00:0::1]", true), ("10.0.0.0/8", "https://a.test", false),
            ("", "https://a.test", false),
            (" a.test ", "https://a.test", true), ("est", "https://a.test", false),
        ]
    )
    func exceptions(_ exception: String, _ url: String, _ isDirect: Bool) throws {
        let proxy = try HTTPProxy(url: "http://proxy:1", exceptions: ["other.test", exception])
        #expect(proxy.applies(to: url) == !isDirect)
    }

    @Test(
        "An exception that no host could match is an error that names it",
        arguments: [
            "10.0.0.0/33", "10.0.0.0/255.0.0.0", "corp/8", "10.0.0.0/", "/8", "10.0.0.0/-1", "fd00::/129",
            "https://a.test",
            ":80", "a.test:0", "a.test:65536", "a.test:https", "[::1", "a*.test", "*.", ".", "a;b.test",
        ]
    )
    func unusableExceptions(_ exception: String) throws {
        let error = #expect(throws: AlibabaSMSError.self) {
            try HTTPProxy.fromEnvironment([
                "HTTPS_PROXY": "http://me:secret@proxy:1", "NO_PROXY": "a.test, \(exception),b",
            ])
        }
        #expect(error?.field == "proxyExceptions")
        #expect(error?.message.hasPrefix("entry 2, \(exception), is not a host") == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test("Control characters are removed from the error")
    func controlCharacters() throws {
        let error = #expect(throws: AlibabaSMSError.self) {
            try HTTPProxy(url: "http://proxy:1", exceptions: ["\u{1B}[2Ja\u{7F}/8"])
        }
        #expect(error?.message.hasPrefix("entry 1, [2Ja/8, is") == true)
    }
}
