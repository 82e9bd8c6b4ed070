// SPDX-License-Identifier: Apache-2.0

extension NumberingPlan {
    /// Creates a plan with additions from a text, such as the value of an environment variable.
    ///
    /// An example with two entries is `BJ 01 10 mobile; FJ * 7-8`. Semicolons or line breaks separate entries. An entry
    /// consists of a region, a prefix, the length of the numbers, and an optional kind. The length can be a range, such as
    /// `7-8`. The prefix `*` matches every number of the region.
    ///
    /// - Parameter text: The entries. An empty text selects the published plan without additions.
    /// - Throws: ``NumberingPlanError`` with the position of the first malformed entry.
    public init(additions text: String) throws(NumberingPlanError) {
        var additions: [Addition] = []
        let entries = text.split { $0 == ";" || $0.isNewline }.filter { !$0.allSatisfy(\.isWhitespace) }
        for (position, entry) in entries.enumerated() {
            do {
                additions.append(try Addition(entry))
            } catch {
                throw NumberingPlanError("entry \(position + 1): \(error.message)")
            }
        }
        self.init(additions: additions)
    }
}

extension NumberingPlan.Addition {
    fileprivate init(_ entry: Substring) throws(NumberingPlanError) {
        let fields = entry.split(whereSeparator: \.isWhitespace)
        guard (3...4).contains(fields.count) else {
            throw NumberingPlanError("write region, prefix (or *), length and perhaps a kind, as 'BJ 01 10 mobile'")
        }
        guard let region = Region(String(fields[0])) else { throw NumberingPlanError("the region does not exist") }
        guard let lengths = Self.lengths(fields[2]) else {
            throw NumberingPlanError("the length is a number or a range, as 10 or 8-10")
        }
        var kind: PhoneNumber.Kind?
        if fields.count == 4 {
            kind = PhoneNumber.Kind(name: fields[3])
            guard kind != nil else {
                let names = PhoneNumber.Kind.all.map(\.description).joined(separator: ", ")
                throw NumberingPlanError("the kind is one of \(names)")
            }
        }
        try self.init(region: region, prefix: fields[1] == "*" ? "" : String(fields[1]), lengths: lengths, kind: kind)
    }

    private static func lengths(_ text: Substring) -> ClosedRange<Int>? {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1], low <= high
        else { return nil }
        return low...high
    }
}
