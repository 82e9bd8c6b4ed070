// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SendGuard

/// Tests of addresses as text, and of ranges of addresses.
@Suite struct SourceAddressTests {
    @Test(
        arguments: [
            ("192.0.2.1", [192, 0, 2, 1]), ("0.0.0.0", [0, 0, 0, 0]), ("255.255.255.255", [255, 255, 255, 255]),
            ("::ffff:192.0.2.1", [192, 0, 2, 1]), ("::FFFF:c000:0201", [192, 0, 2, 1]),
            ("::", [UInt8](repeating: 0, count: 16)), ("::1", [UInt8](repeating: 0, count: 15) + [1]),
            ("2001:db8::1", [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]),
            ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
            ("1:2:3:4:5:6:192.0.2.1", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 192, 0, 2, 1]),
            ("1::", [0, 1] + [UInt8](repeating: 0, count: 14)),
        ] as [(String, [UInt8])]
    )
    func addressesAreParsed(text: String, bytes: [UInt8]) {
        #expect(SourceAddress(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "+1.2.3.4", "1..2.3",
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "[::1]", "::1%eth0",
        "1.2.3.4:80",
        "1:2:3:4:5:6:7::8", "::1.2.3", "1.2.3.4::", "\u{0661}.2.3.4", "::+1",
    ])
    func otherTextsAreNoAddresses(text: String) {
        #expect(SourceAddress(text) == nil)
    }

    @Test func descriptionShowsTheNetworkOnly() {
        #expect(SourceAddress("192.0.2.77").map(\.description) == "192.0.2.0/24")
        #expect(SourceAddress("2001:db8:1:2::77").map(\.description) == "2001:db8:1::/48")
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.200", true),
        ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "2001:db8::1", false), ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.2", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("192.0.2.0/24", "::ffff:192.0.2.9", true),
    ])
    func rangesContainTheAddressesOfTheirPrefix(range: String, address: String, isContained: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(SourceAddress(address))) == isContained)
    }

    @Test(arguments: [
        "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "/24", "192.0.2.0/24/1", "::/129", "x",
    ])
    func otherTextsAreNoRanges(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
