// SPDX-License-Identifier: Apache-2.0

/// Forms that reach the telephone of another, usual form of the number.
///
/// Folding is limited to the forms that certainly reach the same telephone. The others are marked, and no code is sent to
/// them.
enum AlternateForm {
    /// Returns the usual form of a number whose other form is certain.
    static func usual(_ national: Digits, in code: CallingCode) -> Digits {
        // Mexico gave up the 1 before mobile numbers in 2019; both forms reach the same telephone.
        guard code.number == 52, national.count == 11, national[0] == 1, national[1] != 0 else { return national }
        return national.from(1)
    }

    /// Returns whether a national number is, or may be, another form of a number.
    static func contains(_ national: Digits, in code: CallingCode, _ entry: NumberingTable.Entry) -> Bool {
        // The mobile networks of Palestine, which calls from Israel reach under either calling code.
        if code.number == 972, national.count == 9, national[0] == 5 { return [6, 9].contains(national[1]) }
        guard entry.kind == .unknown else { return false }
        if national.first == 0 || entry.beginsWithNumber { return true }
        return switch code.number {
        // The mobile numbers of the overseas departments have calling codes of their own.
        case 33: Self.overseasPrefixes.contains { national.hasPrefix($0) }
        // Brazil put a 9 before all mobile numbers until 2016.
        case 55: national.count == 10 && national[2] >= 6
        default: false
        }
    }

    /// Returns whether a number of an addition is, or may be, another form of a number.
    ///
    /// A prefix names the numbers. Without one, the addition only opens lengths, and surplus digits make a length that
    /// the published plan lacks.
    static func contains(
        _ national: Digits,
        in code: CallingCode,
        _ entry: NumberingTable.Entry,
        _ addition: NumberingPlan.Addition
    ) -> Bool {
        guard addition.prefix.isEmpty else { return false }
        var entry = entry
        if !code.hasLength(national.count) { entry.beginsWithNumber = false }
        return Self.contains(national, in: code, entry)
    }

    private static let overseasPrefixes = ["69", "639", "709"].compactMap { Digits($0) }
}
