/// What the regions of one calling code write before and after it.
struct NumberingPlan: Sendable {
    /// What is dialled inside the region before the national number: `0`, `1`, `8`, or nothing.
    var trunk: UInt8?

    /// How many digits the national number has.
    var lengths: ClosedRange<Int>

    /// The plans by calling code.
    static let plans: [String: NumberingPlan] = {
        var plans: [String: NumberingPlan] = [:]
        for entry in Self.text.split(whereSeparator: { $0 == "\n" || $0 == ";" }) {
            let fields = entry.split(separator: " ")
            guard fields.count == 4, let low = Int(fields[2]), let high = Int(fields[3]), low <= high else { continue }
            plans[String(fields[0])] = NumberingPlan(
                trunk: fields[1] == "-" ? nil : fields[1].utf8.first,
                lengths: low...high
            )
        }
        return plans
    }()

    /// The calling codes after which people also write the trunk 0, as in `+44 (0)20…`, beside those with a plan.
    private static let furtherTrunkZero: Set<String> = Self.set(
        """
        53 54 55 57 58 93 95 98 211 212 213 218 231 232 243 249 250 251 252 255 256 260 261 262 263 264 265 291 355
        370 373 374 377 381 382 383 385 386 387 389 423 508 590 591 593 594 595 596 598 686 850 856 961 962 963
        964 967 970 976 977 994 995 996
        """
    )

    /// The calling codes whose national numbers may begin with a 0 that belongs to the number.
    private static let ownZero: Set<String> = Self.set("39 225 226 229 241 242 378 379 992")

    /// The regions where `00` is not, or not alone, what is dialled before a calling code.
    private static let otherInternationalPrefix: Set<String> = Self.set(
        "RU KZ CU BR CL CO AU CX CC ID SG TH JP KR NG KE TZ UG BY SC HK KH TW GY PW WS MH MN TJ TM CV MX BO"
    )

    /// The calling codes with numbers of four digits.
    private static let shortNumbers: Set<String> = Self.set("290 683 690")

    /// The greatest number of digits of a national number, by the first digits of a number.
    private static let longestNumbers: [UInt64: Int] = {
        var longest = Self.plans.reduce(into: [UInt64: Int]()) { longest, plan in
            if let code = UInt64(plan.key) { longest[code] = plan.value.lengths.upperBound }
        }
        for line in Self.longestText.split(separator: "\n") {
            let fields = line.split(whereSeparator: { $0 == ":" || $0 == " " })
            guard let count = fields.first.flatMap({ Int($0) }) else { continue }
            for prefix in fields.dropFirst().compactMap({ UInt64($0) }) { longest[prefix] = count }
        }
        return longest
    }()

    private static func set(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: { $0 == "\n" || $0 == " " }).map(String.init))
    }

    /// Whether the 0 of the trunk may stand between a calling code and the number.
    static func hasTrunkZero(_ callingCode: String) -> Bool {
        self.plans[callingCode]?.trunk == UInt8(ascii: "0") || self.furtherTrunkZero.contains(callingCode)
    }

    /// Whether a national number may begin with 0.
    static func keepsZero(_ callingCode: String) -> Bool { self.ownZero.contains(callingCode) }

    /// The fewest digits of a number with its calling code.
    static func shortest(_ callingCode: String) -> Int { self.shortNumbers.contains(callingCode) ? 7 : 8 }

    /// The most digits that the national part of a number may have.
    ///
    /// - Parameter digits: The number with its calling code, which exists.
    /// - Returns: The greatest number of digits after the calling code.
    static func longest(_ digits: some Sequence<UInt8>) -> Int {
        var key: UInt64 = 0
        var found = 0
        for digit in digits.prefix(4) {
            key = key * 10 + UInt64(digit - UInt8(ascii: "0"))
            found = self.longestNumbers[key] ?? found
        }
        return found
    }

    /// What is dialled in a region before a calling code, or `nil` if it depends on the carrier.
    static func internationalPrefix(of region: Region) -> String? {
        if region.callingCode == "1" { return "011" }
        return self.otherInternationalPrefix.contains(region.code) ? nil : "00"
    }

    /// Finds the national number in what is dialled inside a region, or gives `nil` if it is none.
    ///
    /// The trunk prefix may be left out only where the result cannot be mistaken for a number with its calling code.
    func nationalNumber(_ digits: some Collection<UInt8>, callingCode: String) -> [UInt8]? {
        if callingCode == "86" {
            let number = Array(digits.first == UInt8(ascii: "0") ? digits.dropFirst() : digits[...])
            return Self.isChineseMobile(number) ? number : nil
        }
        if let trunk = self.trunk, digits.first == trunk, self.lengths.contains(digits.count - 1) {
            let number = Array(digits.dropFirst())
            return number.first == UInt8(ascii: "0") || number.first == self.trunk ? nil : number
        }
        let isPlain = digits.first != UInt8(ascii: "0") && (digits.first != self.trunk || callingCode == "7")
        let isClear = callingCode.utf8.count + self.lengths.lowerBound > self.lengths.upperBound
        return isPlain && isClear && self.lengths.contains(digits.count) ? Array(digits) : nil
    }

    private static func isChineseMobile(_ digits: [UInt8]) -> Bool {
        digits.count == 11 && digits[0] == UInt8(ascii: "1")
            && (UInt8(ascii: "3")...UInt8(ascii: "9")).contains(digits[1])
    }

    /// Calling code, trunk prefix, least and greatest number of digits.
    private static let text = """
        1 1 10 10; 7 8 10 10; 20 0 8 10; 27 0 9 9; 30 - 10 10; 31 0 9 11; 32 0 8 9; 33 0 9 9; 34 - 9 9; 40 0 9 9
        41 0 9 9; 43 0 7 13; 44 0 9 10; 45 - 8 8; 46 0 7 10; 47 - 8 8; 48 - 9 9; 49 0 6 13; 51 0 8 9; 52 - 10 10
        56 - 9 9; 60 0 8 10; 61 0 9 9; 62 0 8 12; 63 0 8 10; 64 0 8 10; 65 - 8 8; 66 0 8 9; 81 0 9 10; 82 0 8 10
        84 0 9 10; 86 0 10 11; 90 0 10 10; 91 0 10 10; 92 0 9 10; 94 0 9 9; 233 0 9 9; 234 0 10 10; 254 0 9 9
        351 - 9 9; 353 0 7 10; 358 0 6 10; 359 0 7 9; 380 0 9 9; 420 - 9 9; 421 0 9 9; 852 - 8 8; 853 - 8 8
        855 0 8 9; 880 0 10 10; 886 0 8 9; 966 0 9 9; 971 0 8 9; 972 0 8 9
        """

    /// The greatest number of digits after the calling code, and for which calling codes it holds.
    ///
    /// These are the longest fixed and mobile numbers in the metadata of libphonenumber 9.0.43, for calling codes of no
    /// country the longest of all. With further digits after the calling code a line holds for these numbers only: they
    /// are the mobile ones of countries that have longer numbers of other kinds.
    private static let longestText = """
        5: 247 290 500 682
        6: 298 299 672 681 687
        7: 238 239 246 248 269 291 297 501 592 597 673 674 676 677 678 679 680 683 688 690 691 692 960 5993
        7: 5994 5997
        8: 216 222 223 226 227 228 230 232 235 236 241 253 257 266 267 268 350 356 357 370 371 372 373 374 382
        8: 386 389 502 503 504 505 506 507 509 591 598 599 670 675 686 689 800 808 961 965 968 973 974 975 993
        9: 36 93 211 212 213 218 220 221 224 231 237 240 242 244 245 249 250 251 252 255 256 258 260 261 262
        9: 263 264 265 354 355 375 376 377 385 387 423 508 590 593 594 595 596 962 963 967 970 979 992 994 995
        9: 996 998 316 3538 467
        10: 53 54 57 58 95 98 225 229 243 378 685 850 856 881 964 976 977 393
        11: 55 352 888 549 4915 4916 4917
        12: 39 381 383 870 878 882 883 379
        """
}
