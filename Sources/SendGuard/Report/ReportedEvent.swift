// SPDX-License-Identifier: Apache-2.0

/// An event that the daily report counts.
///
/// The event has a kind and a region, and can have a number block.
public struct ReportedEvent: Sendable, Hashable {
    /// The kinds of events.
    ///
    /// No cases will be added.
    public enum Kind: Sendable, Hashable {
        /// The guard admitted a send.
        ///
        /// A released send is subtracted from the count.
        case sent
        /// A code was verified.
        case verified
        /// A send had a finding (``GuardFinding``) of this rule with this effect.
        case found(GuardRule.Name, GuardFinding.Effect)
    }

    /// The number of digits that a report omits at the end of a phone number.
    ///
    /// A report omits one digit more than a number block (``GuardScope/block``), so it does not identify a block.
    static let maskedDigits = 5

    /// The kind of the event.
    public let kind: Kind

    /// The region of the phone number.
    public let region: RegionCode

    /// The digits of the phone number without the last five; empty if the event has no block.
    ///
    /// The report uses larger blocks than the guard: a ``GuardScope/block`` omits only the last four digits.
    public let block: String

    /// Creates an event.
    ///
    /// - Parameters:
    ///   - kind: The kind of the event.
    ///   - region: The region of the phone number.
    ///   - block: The block in the report: the digits of the phone number without the last five. It is one digit shorter than
    ///     a ``GuardScope/block``. Empty for an event without a block.
    public init(_ kind: Kind, region: RegionCode, block: String = "") {
        self.kind = kind
        self.region = region
        self.block = block
    }

    /// The event without its block.
    var ofRegion: Self { Self(self.kind, region: self.region) }

    /// The block with asterisks for the masked digits, such as `+4477009*****`; `nil` if the event has no block.
    public var maskedBlock: String? {
        self.block.isEmpty ? nil : "+\(self.block)\(String(repeating: "*", count: Self.maskedDigits))"
    }
}

extension ReportedEvent: LosslessStringConvertible {
    /// Parses the text form of an event (``description``); returns `nil` if the text is malformed.
    ///
    /// - Parameter description: A text, such as `sent SG 65912`.
    public init?(_ description: String) {
        let parts = description.split(separator: " ", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let kind = Kind(parts[0]), let region = RegionCode(text: parts[1])
        else { return nil }
        let block = parts.count == 3 ? parts[2] : ""
        guard parts.count == 2 || !block.isEmpty, block.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        self.init(kind, region: region, block: String(block))
    }

    /// A text with the kind, the region, and the block if there is one, such as `unverified-block/block SG 65912`.
    public var description: String { "\(self.kind) \(self.region.text)\(self.block.isEmpty ? "" : " " + self.block)" }
}

extension ReportedEvent.Kind: CustomStringConvertible {
    fileprivate init?(_ text: Substring) {
        switch text {
        case "sent": self = .sent
        case "verified": self = .verified
        default:
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let rule = GuardRule.Name(String(parts[0])),
                let effect = GuardFinding.Effect.allCases.first(where: { "\($0)" == parts[1] })
            else { return nil }
            self = .found(rule, effect)
        }
    }

    /// The text `sent` or `verified`, or a text with the rule and its effect, such as `unverified-block/monitor`.
    public var description: String {
        switch self {
        case .sent: "sent"
        case .verified: "verified"
        case .found(let rule, let effect): "\(rule)/\(effect)"
        }
    }
}

extension RegionCode {
    /// The two letters of the region, or `--` for numbers without a region.
    public var text: String {
        self.letters == 0 ? "--" : String(decoding: self.bytes, as: UTF8.self)
    }

    fileprivate init?(text: Substring) {
        guard text != "--" else {
            self.init(letters: 0)
            return
        }
        guard text.utf8.count == 2, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        self.init(letters: text.utf8.reduce(0) { $0 << 8 | UInt16($1) })
    }
}
