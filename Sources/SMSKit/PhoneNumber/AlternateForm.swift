// SPDX-License-Identifier: Apache-2.0

/// Detects alternate forms of phone numbers, which reach the same telephone as the usual form.
///
/// A number that certainly is an alternate form is replaced by its usual form. A number that may be an alternate form is marked
/// (``PhoneNumber/isAlternateForm``), and no code is sent to the number.
enum AlternateForm {
    /// Returns the usual form of a national number that certainly is an alternate form; otherwise the number itself.
    static func usual(_ national: Digits, in code: CallingCode) -> Digits {
        // Mexico dropped the 1 before mobile numbers in 2019. Both forms reach the same telephone.
        guard code.number == 52, national.count == 11, national[0] == 1, national[1] != 0 else { return national }
        return national.from(1)
    }

    /// Returns whether a national number may be an alternate form of another number.
    static func contains(_ national: Digits, in code: CallingCode, _ entry: NumberingTable.Entry) -> Bool {
        // Mobile numbers of Palestine can be dialed with the calling code of Israel or of Palestine.
        if code.number == 972, national.count == 9, national[0] == 5 { return [6, 9].contains(national[1]) }
        guard entry.kind == .unknown else { return false }
        if national.first == 0 || entry.beginsWithNumber { return true }
        return switch code.number {
        // The mobile numbers of the French overseas departments have their own calling codes.
        case 33: Self.overseasPrefixes.contains { national.hasPrefix($0) }
        // By 2016, Brazil had added a leading 9 to all mobile numbers.
        case 55: national.count == 10 && national[2] >= 6
        default: false
        }
    }

    /// Returns whether a number that matches a ``NumberingPlan/Addition`` may be an alternate form of another number.
    ///
    /// If the addition has a prefix, the operator has listed complete numbers, so the result is `false`.
    ///
    /// Surplus digits after a complete number are normally a sign of an alternate form. However, an addition without a prefix
    /// can permit lengths that the published metadata lacks. A number of such a length can be complete with all its digits. The
    /// method therefore ignores surplus digits in numbers of these lengths.
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
