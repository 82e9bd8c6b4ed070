// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// Up to 32 decimal digits.
///
/// The digits are stored inline, so parsing a number needs no allocation.
struct Digits: Sendable, Hashable {
    static let capacity = 32

    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private(set) var count = 0

    init() {}

    /// Creates digits from ASCII text; `nil` if the text contains a character other than `0` to `9`, or more than 32 digits.
    init?(_ text: some StringProtocol) { self.init(text.utf8) }

    /// Creates digits from the bytes of ASCII text; `nil` if there is a byte other than `0` to `9`, or more than 32 digits.
    init?(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            guard byte.isASCIIDigit, self.append(byte - 0x30) else { return nil }
        }
    }

    /// Creates the digits of a non-negative integer.
    init(_ number: Int) {
        if number >= 10 { self = Digits(number / 10) }
        _ = self.append(UInt8(number % 10))
    }

    subscript(place: Int) -> Int {
        Int(place < 16 ? self.low >> (4 * place) & 15 : self.high >> (4 * (place - 16)) & 15)
    }

    /// The first nine digits as an integer.
    var value: Int { (0..<min(self.count, 9)).reduce(0) { $0 * 10 + self[$1] } }

    var first: Int? { self.count == 0 ? nil : self[0] }

    /// Appends a digit.
    ///
    /// - Parameter digit: 0 to 9.
    /// - Returns: `false` if the value already has 32 digits.
    mutating func append(_ digit: UInt8) -> Bool {
        guard self.count < Self.capacity else { return false }
        if self.count < 16 {
            self.low |= UInt64(digit) << (4 * self.count)
        } else {
            self.high |= UInt64(digit) << (4 * (self.count - 16))
        }
        self.count += 1
        return true
    }

    /// Appends a part of another value: the digits in a range of positions.
    ///
    /// Digits beyond the capacity of 32 are dropped.
    mutating func append(_ digits: Digits, _ places: Range<Int>) {
        for place in places.clamped(to: 0..<digits.count) { _ = self.append(UInt8(digits[place])) }
    }

    /// Returns the digits from a position to the end.
    func from(_ place: Int) -> Digits {
        var rest = Digits()
        if place < self.count { rest.append(self, place..<self.count) }
        return rest
    }

    func hasPrefix(_ prefix: Digits) -> Bool {
        prefix.count <= self.count && (0..<prefix.count).allSatisfy { self[$0] == prefix[$0] }
    }

    /// Returns these digits followed by other digits.
    func followed(by digits: Digits) -> Digits {
        var joined = self
        joined.append(digits, 0..<digits.count)
        return joined
    }

    /// Returns a prefix followed by the digits.
    func text(after prefix: String = "") -> String {
        prefix
            + String(unsafeUninitializedCapacity: self.count) { bytes in
                for place in 0..<self.count { bytes.initializeElement(at: place, to: UInt8(0x30 + self[place])) }
                return self.count
            }
    }
}
