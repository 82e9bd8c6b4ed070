// SPDX-License-Identifier: Apache-2.0

/// A country or territory that has telephone numbers.
public struct Region: Sendable, Hashable, CustomStringConvertible {
    /// The two ASCII letters of the code, one letter per byte.
    private let letters: UInt16

    /// Creates the region with a code, or returns `nil` if no region has the code.
    ///
    /// The code of the United Kingdom is `GB`, not `UK`.
    ///
    /// - Parameter code: An ISO 3166-1 alpha-2 code, or `XK`, `AC` or `TA`. Lowercase letters are accepted.
    public init?(_ code: String) {
        let region = Region(unchecked: code.uppercased())
        // Uppercasing can produce ASCII from other characters: ß becomes SS, the code of South Sudan.
        guard code.utf8.count == 2, code.utf8.allSatisfy({ $0 < 0x80 }),
            NumberingTable.shared.callingCode(of: region) != nil
        else { return nil }
        self = region
    }

    /// Creates a region from two ASCII letters, without a check that the region exists.
    init(unchecked code: String) { self.init(letters: code.utf8) }

    /// Creates a region from the bytes of two ASCII letters, without a check that the region exists.
    init(letters: some Sequence<UInt8>) {
        self.letters = letters.prefix(2).reduce(0) { $0 << 8 | UInt16($1) }
    }

    /// Returns whether the code of one region precedes the code of another region in alphabetical order.
    static func precedes(_ left: Self, _ right: Self) -> Bool { left.letters < right.letters }

    /// The ISO 3166-1 alpha-2 code in capital letters, such as `CN`.
    public var code: String {
        var code = ""
        code.unicodeScalars.append(Unicode.Scalar(UInt8(self.letters >> 8)))
        code.unicodeScalars.append(Unicode.Scalar(UInt8(self.letters & 0xFF)))
        return code
    }

    /// All regions that have telephone numbers, sorted by code.
    public static var all: [Region] { NumberingTable.shared.regions }

    /// Mainland China.
    public static var mainlandChina: Region { Region(unchecked: "CN") }
    /// Hong Kong.
    public static var hongKong: Region { Region(unchecked: "HK") }
    /// Macao.
    public static var macao: Region { Region(unchecked: "MO") }
    /// Taiwan.
    public static var taiwan: Region { Region(unchecked: "TW") }
    /// Singapore.
    public static var singapore: Region { Region(unchecked: "SG") }
    /// The United States.
    public static var unitedStates: Region { Region(unchecked: "US") }
    /// Canada.
    public static var canada: Region { Region(unchecked: "CA") }
    /// The United Kingdom, without Guernsey, Jersey and the Isle of Man.
    public static var unitedKingdom: Region { Region(unchecked: "GB") }

    /// The calling code without a plus sign, such as `86` for mainland China.
    public var callingCode: String { NumberingTable.shared.callingCode(of: self).map { "\($0.number)" } ?? "" }

    /// The code of the region, such as `CN`.
    public var description: String { self.code }
}
