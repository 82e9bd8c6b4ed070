// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import Testing

/// Tests of the table of connection settings on the page about connections to Redis.
@Suite struct DocumentedSettingsTests {
    private static let defaults = RedisConfiguration(endpoint: .tcp(host: "h", port: 1))

    static let expected: [String: String] = [
        "connectTimeout": Self.text(Self.defaults.connectTimeout),
        "commandTimeout": Self.text(Self.defaults.commandTimeout),
        "maximumCommandsInFlight": "16,384",
        "maximumBytesInFlight": "\(Self.defaults.maximumBytesInFlight >> 20) MiB",
        "healthCheckInterval": Self.text(Self.defaults.healthCheckInterval ?? .zero),
        "keepAliveInterval": Self.text(Self.defaults.keepAliveInterval ?? .zero),
        "minimumReplicas": "\(Self.defaults.minimumReplicas)",
    ]

    private static func text(_ duration: Duration) -> String {
        "\(duration.components.seconds) s"
    }

    @Test func theDefaultsOnThePageAreThoseOfTheCode() throws {
        #expect(Self.defaults.maximumCommandsInFlight == 16_384)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let page = try String(contentsOf: root.appending(path: "Docs/RedisConnections.md"), encoding: .utf8)
        var documented: [String: String] = [:]
        for line in page.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count > 2, case let name = cells[0].trimmingCharacters(in: ["`"]), Self.expected[name] != nil
            else { continue }
            documented[name] = cells[1]
        }
        #expect(documented == Self.expected)
    }
}
