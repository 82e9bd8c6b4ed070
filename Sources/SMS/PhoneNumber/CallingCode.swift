/// The facts of one calling code.
struct CallingCode: Sendable {
    /// The code, such as 44.
    let number: Int

    /// The regions that share the code, the main one first; empty for satellite and world-wide networks.
    let regions: [Region]

    /// The possible lengths of a national number: bit 9 is set if it can have 9 digits.
    let lengths: UInt32

    /// The digits dialled before a calling code, or `nil` if they depend on the carrier.
    let internationalPrefix: Digits?

    /// The root of the automaton for regions and kinds.
    let types: Int

    /// The root of the automaton for trunk prefixes, or 0.
    let trunk: Int

    /// The number of digits of the code.
    var length: Int { self.number < 10 ? 1 : self.number < 100 ? 2 : 3 }

    /// The possible lengths in ascending order.
    var possibleLengths: [Int] { (0..<UInt32.bitWidth).filter { self.hasLength($0) } }

    /// The longest possible length.
    var longest: Int { UInt32.bitWidth - 1 - self.lengths.leadingZeroBitCount }

    func hasLength(_ length: Int) -> Bool { length < UInt32.bitWidth && self.lengths >> UInt32(length) & 1 == 1 }

    /// Reads a line of ``NumberingMetadata/codes``.
    init?(_ line: some StringProtocol) {
        let fields = line.split(separator: " ")
        guard
            fields.count == 6,
            let number = Int(fields[0]), let types = Int(fields[4]), let trunk = Int(fields[5])
        else { return nil }
        self.number = number
        self.regions = fields[1] == "-" ? [] : fields[1].split(separator: ",").map { Region(unchecked: $0) }
        self.lengths = fields[2].split(separator: ",").reduce(0) { $0 | 1 << (UInt32($1) ?? 0) }
        self.internationalPrefix = Digits(fields[3])
        self.types = types
        self.trunk = trunk
    }
}
