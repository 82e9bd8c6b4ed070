/// A country or territory with telephone numbers of its own.
public struct Region: Sendable, Hashable, CustomStringConvertible {
    /// The ISO 3166-1 alpha-2 code in capital letters, such as `CN`.
    public let code: String

    /// Reads a code in any case, or gives `nil` if no region with telephone numbers has it, as for the mistaken `UK`.
    ///
    /// - Parameter code: An ISO 3166-1 alpha-2 code, or `XK`, `AC` or `TA`, which telephony uses beside them.
    public init?(_ code: String) {
        let region = Region(unchecked: code.uppercased())
        // Capitals of other scripts can turn into ASCII: ß into SS, which is South Sudan.
        guard code.utf8.count == 2, code.utf8.allSatisfy({ $0 < 0x80 }), CallingCodeTable.shared.codes[region] != nil
        else { return nil }
        self = region
    }

    init(unchecked code: String) {
        self.code = code
    }

    /// Every region that has telephone numbers, by code.
    public static var all: [Region] { CallingCodeTable.shared.regions }

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
    /// The United Kingdom without Guernsey, Jersey and the Isle of Man.
    public static var unitedKingdom: Region { Region(unchecked: "GB") }

    /// The calling code without a plus sign, such as `86`.
    public var callingCode: String { CallingCodeTable.shared.codes[self] ?? "" }

    /// The code.
    public var description: String { self.code }
}
