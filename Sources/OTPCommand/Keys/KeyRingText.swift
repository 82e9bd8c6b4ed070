// SPDX-License-Identifier: Apache-2.0

import OTP

/// The text of a valid key ring, split into entries.
///
/// The entries can be changed, but the secrets are not decoded.
struct KeyRingText {
    /// The two kinds of keys in a key ring.
    enum Kind: String, Sendable, CaseIterable {
        case code, index
    }

    private struct Entry {
        var kind: Substring
        var name: Substring
        var secret: Substring
    }

    private var entries: [Entry]

    /// Splits the text of a valid `KeyRing` into its entries.
    init(_ text: String) {
        self.entries = text.split(separator: ",")
            .compactMap { part in
                let entry = part.drop(while: \.isWhitespace)
                guard let slash = entry.firstIndex(of: "/"), let colon = entry.firstIndex(of: ":"), slash < colon else {
                    return nil
                }
                let secret = entry[entry.index(after: colon)...].prefix { !$0.isWhitespace }
                return Entry(kind: entry[..<slash], name: entry[entry.index(after: slash)..<colon], secret: secret)
            }
    }

    /// The text of the key ring, with code keys before index keys.
    var text: String {
        Kind.allCases.flatMap { self.keys(of: $0) }
            .map { "\($0.kind)/\($0.name):\($0.secret)" }
            .joined(separator: ",")
    }

    /// Returns the secret of the first key of a kind.
    func secret(of kind: Kind) -> String {
        self.keys(of: kind).first.map { String($0.secret) } ?? ""
    }

    /// Appends a key of a kind.
    ///
    /// The name of the new key is a number that no other key of this kind has.
    mutating func add(_ kind: Kind, secret: String) {
        let names = self.keys(of: kind).map(\.name)
        var number = (names.compactMap { UInt32($0) }.max() ?? UInt32(names.count)) &+ 1
        while names.contains("\(number)") { number &+= 1 }
        self.entries.append(Entry(kind: Substring(kind.rawValue), name: "\(number)", secret: Substring(secret)))
    }

    /// Moves the last key of a kind to the front, so that the service uses it for new codes or new records.
    mutating func use(_ kind: Kind) {
        guard let position = self.entries.lastIndex(where: { $0.kind == kind.rawValue }) else { return }
        self.entries.insert(self.entries.remove(at: position), at: 0)
    }

    /// Removes all keys of a kind except the first.
    mutating func remove(_ kind: Kind) {
        let first = self.keys(of: kind).prefix(1)
        self.entries = first + self.entries.filter { $0.kind != kind.rawValue }
    }

    private func keys(of kind: Kind) -> [Entry] { self.entries.filter { $0.kind == kind.rawValue } }
}
