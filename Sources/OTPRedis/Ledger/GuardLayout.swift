// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// The binary layout of the records, arguments and replies of the guard's Lua scripts.
///
/// Swift code and Lua scripts share this definition of all fields and formats.
enum GuardLayout {
    /// The version of the record layout.
    static let version = 1

    /// The fields of a scope's record.
    ///
    /// A scope is a group of sends with common limits, such as all sends from one address or to one region.
    ///
    /// After these fields, the record lists the regions to which messages were sent since the last verified send. A record with
    /// three regions has 44 bytes. Up to this size, Redis stores a value and its header in one allocation.
    enum Scope: String, PackedFields {
        case day, sent, spent, verified, peak
        case level, step, since
        case failures
        case failuresSince = "failures_since"
        case lockedUntil = "locked_until"
        case version

        var size: Int {
            switch self {
            case .step, .version: 1
            case .day, .level, .failures: 2
            case .spent: 6
            default: 4
            }
        }
    }

    /// The fields of the rules for a scope (``Scope``), in the order of `ScopeLimits.fields`.
    enum Rule: String, PackedFields {
        case scope, lockdown, messages
        case messagesLimit = "messages_limit"
        case money
        case moneyLimit = "money_limit"
        case growth
        case growthFloor = "growth_floor"
        case growthFactor = "growth_factor"
        case unverified
        case unverifiedCapacity = "unverified_capacity"
        case unverifiedCheckedCapacity = "unverified_checked_capacity"
        case unverifiedShare = "unverified_share"
        case unverifiedPause = "unverified_pause"
        case unverifiedDoublings = "unverified_doublings"
        case unverifiedCredit = "unverified_credit"
        case failures
        case failuresCapacity = "failures_capacity"
        case failuresCheckedCapacity = "failures_checked_capacity"
        case failuresPause = "failures_pause"
        case failuresWeight = "failures_weight"
        case failuresCredit = "failures_credit"
        case destinations
        case destinationsCount = "destinations_count"
        case retention
        case countsSends = "counts_sends"
        case countsDays = "counts_days"

        var size: Int {
            switch self {
            case .messagesLimit, .growthFloor, .unverifiedPause, .failuresPause, .retention: 4
            case .moneyLimit: 6
            case .unverifiedCapacity, .unverifiedCheckedCapacity, .unverifiedShare, .failuresCapacity,
                .failuresCheckedCapacity:
                2
            default: 1
            }
        }
    }

    /// The field of each region that is listed at the end of a scope's record (``Scope``).
    enum Destination: String, PackedFields {
        case letters

        var size: Int { 2 }
    }

    /// The values that a script call contains for each send: the properties of the send, and the number of its scopes.
    ///
    /// One byte for each scope follows. The byte is the position of the scope's record in `KEYS`, counted from 1.
    enum Facts: String, PackedFields {
        case cost, destination, standing
        case isChecked = "is_checked"
        case listedUntil = "listed_until"
        case records

        var size: Int {
            switch self {
            case .cost: 6
            case .destination: 2
            case .standing, .isChecked, .records: 1
            case .listedUntil: 4
            }
        }
    }

    /// The values that a script call contains for each record: the number of its sends, their cost, and their destination.
    enum Total: String, PackedFields {
        case sends, cost, destination

        var size: Int {
            switch self {
            case .sends: 1
            case .cost: 6
            case .destination: 2
            }
        }
    }

    /// The value of ``Total/destination`` if the sends of a record have different destinations.
    static let mixedDestination: UInt16 = 0xFFFF

    /// The values that a script call contains once: the number of all sends, and the version of the caller's run-time modes.
    ///
    /// An operator can set the mode of a rule, such as `off`, at run time. This run-time mode replaces the mode in the policy.
    /// The version shows whether the caller has the latest run-time modes.
    enum Call: String, PackedFields {
        case sends
        case modesVersion = "modes_version"

        var size: Int { self == .sends ? 1 : 4 }
    }

    /// The fields of a finding in a reply: the result of one rule for a send (`GuardFinding`).
    enum Finding: String, PackedFields {
        case scope, measure, effect, measured, threshold, wait

        var size: Int {
            switch self {
            case .scope, .measure, .effect: 1
            case .measured, .threshold, .wait: 6
            }
        }
    }

    /// The fields of a send that is released: its cost and its day.
    enum Release: String, PackedFields {
        case cost, day

        var size: Int { self == .cost ? 6 : 2 }
    }

    /// The fields of the outcomes in one scope: the numbers of verified sends and of failed attempts.
    enum Outcomes: String, PackedFields {
        case successes, failures

        var size: Int { 4 }
    }

    /// The fields at the beginning of a reply to reservations.
    ///
    /// For all scopes except networks and addresses, the run-time modes (``Modes``) follow these fields if the caller does not
    /// have the latest modes. The last part of the reply contains, for each send, the number of its findings and the findings
    /// (``Finding``).
    enum Reply: String, PackedFields {
        case seconds
        case modesSize = "modes_size"

        var size: Int { self == .seconds ? 4 : 2 }
    }

    /// The fields at the beginning of the run-time modes.
    ///
    /// A run-time mode is a mode that an operator has set for a rule. One ``Entry`` for each rule with a run-time mode follows
    /// these fields.
    enum Modes: String, PackedFields {
        case version

        var size: Int { 4 }
    }

    /// The fields of the run-time mode of one rule.
    enum Entry: String, PackedFields {
        case measure, scope, mode

        var size: Int { 1 }
    }

    /// The field at the beginning of the reply of `guard_modes.lua`: the server's time.
    ///
    /// The run-time modes (``Modes``) follow this field.
    enum Time: String, PackedFields {
        case seconds

        var size: Int { 4 }
    }

    /// The sizes of the fields of ``Rule``, computed once because almost every script call needs them.
    static let ruleSizes = Rule.sizes
    static let factSizes = Facts.sizes
    static let totalSizes = Total.sizes

    /// The constants for the Lua scripts, keyed by name.
    static var constants: [String: String] {
        var constants = [
            "SCOPE.destinations": "\(Scope.allCases.count + 1)",
            "SCOPE.present_version": "\(Self.version)",
            "DESTINATION.mixed": "\(Self.mixedDestination)",
            "LEDGER.day": "\(LedgerTime.secondsPerDay)",
            "LEDGER.tolerance": "\(LedgerTime.tolerance)",
            "LEDGER.highest_level": "\(LeakyBucket.highest)",
            "LEDGER.highest_count": "\(ScopeRecord.highestCount)",
            "LEDGER.highest_money": "\(GuardPolicy.highestMoney)",
            "LEDGER.time_format": "'\(Time.format)'",
            "LEDGER.reply_format": "'\(Reply.format)'",
            "MODES.none": "'\(String(repeating: "\\0", count: Modes.size))'",
            "MODES.lifetime": "\(GuardModes.lifetime)",
            "REPORT.most_blocks": "\(ReportDay.mostBlocks)",
            "REPORT.retention": "\(ReportDay.retention)",
        ]
        for mode in GuardMode.allCases { constants["MODE.\(mode)"] = "\(mode.rawValue)" }
        for measure in GuardMeasure.allCases { constants["MEASURE.\(measure)"] = "\(measure.rawValue)" }
        for effect in GuardFinding.Effect.allCases { constants["EFFECT.\(effect)"] = "\(effect.rawValue)" }
        for standing in SendStanding.allCases { constants["STANDING.\(standing)"] = "\(standing.rawValue)" }
        for group in [
            Scope.positions("SCOPE"), Rule.positions("RULE"), Destination.positions("DESTINATION"),
            Facts.positions("FACTS"), Total.positions("TOTAL"), Call.positions("CALL"), Finding.positions("FINDING"),
            Release.positions("RELEASE"),
            Outcomes.positions("OUTCOMES"), Modes.positions("MODES"), Entry.positions("ENTRY"),
        ] {
            constants.merge(group) { _, new in new }
        }
        return constants
    }
}

extension PackedFields {
    /// Returns the constants of a binary section that the scripts unpack into a Lua array.
    ///
    /// `NAME.size` and `NAME.format` are the size and the format of the section. `NAME.field` is the position of a field in the
    /// array.
    static func positions(_ name: String) -> [String: String] {
        var constants = ["\(name).size": "\(Self.size)", "\(name).format": "'\(Self.format)'"]
        for (position, field) in Self.allCases.enumerated() {
            constants["\(name).\(field.rawValue)"] = "\(position + 1)"
        }
        return constants
    }

    /// The sizes of all fields in bytes, in the order of the fields.
    static var sizes: [Int] { Self.allCases.map(\.size) }

    /// Encodes the values of all fields, in the order of the fields, for `struct.unpack` in Lua.
    static func pack(_ values: some Sequence<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        for (size, value) in zip(Self.sizes, values) { bytes.append(value, size: size) }
        return bytes
    }

    /// Decodes the values of all fields, in the order of the fields; returns `nil` if there are too few bytes.
    ///
    /// A field has at most 6 bytes.
    static func unpack(_ bytes: some Collection<UInt8>) -> [Int]? {
        guard bytes.count >= Self.size else { return nil }
        var rest = bytes[...]
        return Self.allCases.map { field in
            let value = rest.prefix(field.size).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(field.size)
            return value
        }
    }
}

extension [UInt8] {
    /// Appends a number in big-endian form.
    mutating func append(_ value: Int, size: Int) {
        for shift in stride(from: 8 * (size - 1), through: 0, by: -8) {
            self.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
