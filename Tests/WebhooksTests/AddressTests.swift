// SPDX-License-Identifier: Apache-2.0

import SendGuard
import Testing

@testable import Webhooks

/// Tests that webhooks reach only receivers in the public Internet, to prevent server-side request forgery.
@Suite struct AddressTests {
    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "203.0.113.1",
        "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "fc00::1",
        "fd00:ec2::254", "ff02::1", "2001:db8::1", "2001::1", "2002:7f00:1::", "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "3fff::1", "100::1",
    ])
    func addressIsPrivate(text: String) throws {
        let address = try #require(SourceAddress(text))
        #expect(!address.isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
        "223.255.255.255", "2606:4700:4700::1111", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    ])
    func addressIsPublic(text: String) throws {
        let address = try #require(SourceAddress(text))
        #expect(address.isPublic)
    }

    private static func code(_ url: String, allowsPrivate: Bool = false) -> WebhookError.Code? {
        do throws(WebhookError) {
            _ = try WebhookEndpoint(url: url, secrets: [], allowsPrivateAddresses: allowsPrivate)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func urlMustBeHTTPSAndPublic() {
        for url in ["https://example.com/hooks", "https://example.com:8443/a?b=c", "https://1.1.1.1/"] {
            #expect(Self.code(url) == nil, "\(url)")
        }
        for url in [
            "", "example.com", "http://example.com/", "ftp://example.com/", "https:///x", "https://user@example.com/",
            "https://user:word@example.com/", "https://example.com/#a",
            "https://example.com/" + String(repeating: "x", count: 2_048),
        ] { #expect(Self.code(url) == .invalidURL, "\(url)") }
        for url in [
            "https://localhost/", "https://LOCALHOST:1/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/x",
            "https://[fd00:ec2::254]/", "https://169.254.169.254/latest",
        ] { #expect(Self.code(url) == .privateAddress, "\(url)") }
        for url in ["http://127.0.0.1:8080/", "https://localhost/", "http://receiver.internal/x"] {
            #expect(Self.code(url, allowsPrivate: true) == nil, "\(url)")
        }
        #expect(Self.code("ftp://127.0.0.1/", allowsPrivate: true) == .invalidURL)
    }
}
