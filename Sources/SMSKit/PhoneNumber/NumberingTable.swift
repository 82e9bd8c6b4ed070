// SPDX-License-Identifier: Apache-2.0

/// The published numbering data of all calling codes: regions, possible lengths, trunk prefixes and kinds.
///
/// A trunk prefix, such as `0`, is dialed before a national number within the country. Lookups do not allocate.
struct NumberingTable: Sendable {
    /// The region and the kind of a national number.
    struct Entry: Sendable {
        var region: Region?
        var kind = PhoneNumber.Kind.unknown

        /// Whether the number matches the general pattern that libphonenumber defines for the main region of the calling code.
        var isViable = false

        /// Whether a complete number of a known kind remains if some of the last digits are omitted.
        ///
        /// If the whole number has no known kind, the omitted digits are surplus digits.
        var beginsWithNumber = false
    }

    /// A rule that removes or replaces the trunk prefix of a number, such as the leading `0` of a domestic call.
    private struct Action: Sendable {
        var start: Int
        var count: Int
        var end: Int
        var added: Digits

        init?(_ line: Substring.UTF8View) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count == 4, let start = Digits(fields[0]), let count = Digits(fields[1]),
                let end = Digits(fields[2])
            else { return nil }
            self.start = start.value
            self.count = count.value
            self.end = end.value
            self.added = Digits(fields[3]) ?? Digits()
        }
    }

    static let shared = NumberingTable()

    /// The regions in alphabetical order.
    let regions: [Region]

    /// The data of each calling code, indexed by the code as an integer.
    private let codes: [CallingCode?]
    private let codesOfRegions: [Region: Int]
    private let automaton = DigitAutomaton(NumberingMetadata.nodes)
    private let actions = Self.lines(NumberingMetadata.actions).compactMap { Action($0) }
    private let kinds = NumberingMetadata.kinds.split(separator: ",")
        .map { PhoneNumber.Kind(name: $0.drop { $0 == " " }) ?? .unknown }

    private init() {
        var codes = [CallingCode?](repeating: nil, count: 1_000)
        var codesOfRegions: [Region: Int] = [:]
        for line in Self.lines(NumberingMetadata.codes) {
            guard let code = CallingCode(line) else { continue }
            codes[code.number] = code
            for region in code.regions { codesOfRegions[region] = code.number }
        }
        self.codes = codes
        self.codesOfRegions = codesOfRegions
        self.regions = codesOfRegions.keys.sorted(by: Region.precedes)
    }

    /// Splits a text into lines of UTF-8 bytes.
    ///
    /// Splitting by characters is much slower and would delay the first lookup.
    private static func lines(_ text: String) -> [Substring.UTF8View] {
        text[...].utf8.split(separator: UInt8(ascii: "\n"))
    }

    /// Returns the calling code of a region.
    func callingCode(of region: Region) -> CallingCode? {
        self.codesOfRegions[region].flatMap { self.codes[$0] }
    }

    /// Returns the calling code at the start of the digits, or `nil` if the digits do not begin with an assigned calling code.
    func callingCode(at digits: Digits) -> CallingCode? {
        var number = 0
        for place in 0..<min(3, digits.count) {
            number = number * 10 + digits[place]
            if number == 0 { return nil }
            if let code = self.codes[number] { return code }
        }
        return nil
    }

    /// Returns the region and the kind of a national number.
    func entry(of national: Digits, in code: CallingCode) -> Entry {
        var entry = Entry(region: code.regions.count == 1 ? code.regions[0] : nil)
        var node = code.types
        for place in 0..<national.count {
            if self.automaton.second(node) > 1 { entry.beginsWithNumber = true }
            node = self.automaton.node(after: national[place], from: node)
            if node == DigitAutomaton.dead { return entry }
        }
        let (region, kind) = (self.automaton.first(node), self.automaton.second(node))
        if region > 0 { entry.region = code.regions[region - 1] }
        entry.kind = self.kinds[kind >> 1]
        entry.isViable = kind & 1 == 1
        return entry
    }

    /// Removes the trunk prefix, such as `0`, from a national number if the remaining digits can be a number of the plan.
    func withoutTrunkPrefix(_ national: Digits, in code: CallingCode, _ plan: NumberingPlan) -> Digits {
        guard let stripped = self.rewritten(national, in: code) else { return national }
        if self.entry(of: national, in: code).isViable, !self.entry(of: stripped, in: code).isViable { return national }
        let isPossible = code.hasLength(stripped.count) || stripped.count > code.longest
        return isPossible || plan.addition(for: stripped, in: code) != nil ? stripped : national
    }

    private func rewritten(_ national: Digits, in code: CallingCode) -> Digits? {
        guard code.trunk != DigitAutomaton.dead else { return nil }
        var node = code.trunk
        var number = 0
        var place = 0
        while place < national.count {
            node = self.automaton.node(after: national[place], from: node)
            if node == DigitAutomaton.dead { break }
            number = self.automaton.first(node)
            place += 1
        }
        // The second label of a node is the rule for a number that consists only of the trunk prefix.
        if place == national.count { number = self.automaton.second(node) }
        guard number > 0 else { return nil }
        let action = self.actions[number]
        var result = action.added
        result.append(national, action.start..<action.start + action.count)
        return result.followed(by: national.from(action.end))
    }
}
