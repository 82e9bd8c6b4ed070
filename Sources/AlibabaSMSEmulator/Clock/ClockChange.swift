// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A request to move, set, stop or reset the emulator's clock.
enum ClockChange: Sendable, Hashable {
    case advance(Duration)
    case set(Date)
    case freeze(Bool)
    case reset
}

extension ClockChange: Decodable {
    private static let range = DurationText.longest * -1...DurationText.longest

    /// Decodes one of `{"advance": "1h"}`, `{"set": "2026-11-25T10:00:00Z"}`, `{"freeze": true}`, `{"reset": true}`.
    init(from decoder: any Decoder) throws {
        let names = ["advance", "set", "freeze", "reset"]
        let object = try StrictObject(decoder, fields: names)
        let given = names.filter(object.contains)
        guard given.count == 1 else {
            throw object.error(
                given.count > 1 ? given[1] : "advance",
                "must be the only member: use one of advance, set, freeze, reset"
            )
        }
        if let duration = try object.duration("advance", Self.range) {
            self = .advance(duration)
        } else if let isFrozen = try object.decode(Bool.self, "freeze") {
            self = .freeze(isFrozen)
        } else if let text = try object.decode(String.self, "set") {
            guard let date = Date(rfc3339: text) else { throw object.error("set", "must be an RFC 3339 timestamp") }
            self = .set(date)
        } else {
            guard try object.require(Bool.self, given[0]) else { throw object.error("reset", "must be true") }
            self = .reset
        }
    }
}
