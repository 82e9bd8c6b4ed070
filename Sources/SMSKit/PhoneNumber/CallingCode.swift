// SPDX-License-Identifier: Apache-2.0

/// The numbering data of one calling code.
struct CallingCode: Sendable {
    /// The calling code as an integer, such as 44.
    let number: Int

    /// The regions that share the calling code, with the main region first; empty for satellite and worldwide networks.
    let regions: [Region]

    /// The possible lengths of a national number, as a bit mask.
    ///
    /// Bit 9 is set if a number can have 9 digits.
    let lengths: UInt32

    /// The prefix of international calls from the main region, such as `00`.
    ///
    /// The value is `nil` if the prefix depends on the carrier. It is also `nil` for a prefix of one digit, because national
    /// numbers can begin with the same digit.
    let internationalPrefix: Digits?

    /// The root node of the automaton that finds the region and the kind of a number.
    let types: Int

    /// The root node of the automaton that finds trunk prefixes; 0 if the calling code has no trunk prefix.
    ///
    /// A trunk prefix is dialed before a national number within the country. In many countries, it is the digit `0`.
    let trunk: Int

    /// The number of digits of the calling code.
    var length: Int { self.number < 10 ? 1 : self.number < 100 ? 2 : 3 }

    /// The possible lengths in ascending order.
    var possibleLengths: [Int] { (0..<UInt32.bitWidth).filter { self.hasLength($0) } }

    /// The longest possible length of a national number, in digits.
    var longest: Int { UInt32.bitWidth - 1 - self.lengths.leadingZeroBitCount }

    func hasLength(_ length: Int) -> Bool { length < UInt32.bitWidth && self.lengths >> UInt32(length) & 1 == 1 }

    /// Creates a calling code from a line of ``NumberingMetadata/codes``; `nil` if the line is malformed.
    init?(_ line: Substring.UTF8View) {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count == 6, let number = Digits(fields[0]), let types = Digits(fields[4]),
            let trunk = Digits(fields[5])
        else { return nil }
        let names = fields[1].split(separator: UInt8(ascii: ","))
        let lengths = fields[2].split(separator: UInt8(ascii: ","))
        self.number = number.value
        self.regions = fields[1].first == UInt8(ascii: "-") ? [] : names.map { Region(letters: $0) }
        self.lengths = lengths.reduce(0) { $0 | 1 << UInt32(Digits($1)?.value ?? 0) }
        self.internationalPrefix = Digits(fields[3])
        self.types = types.value
        self.trunk = trunk.value
    }
}
