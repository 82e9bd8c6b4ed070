// SPDX-License-Identifier: Apache-2.0

import TextFormats

extension JSONParser {
    /// Parses a number: an optional minus sign, digits without a leading zero, an optional fraction and an optional exponent.
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = self.position
        self.skip(UInt8(ascii: "-"))
        if !self.skip(UInt8(ascii: "0")) { try self.digits() }
        if self.skip(UInt8(ascii: ".")) { try self.digits() }
        if self.skip(UInt8(ascii: "e")) || self.skip(UInt8(ascii: "E")) {
            if !self.skip(UInt8(ascii: "-")) { self.skip(UInt8(ascii: "+")) }
            try self.digits()
        }
        if let byte = self.byte, byte.isASCIIDigit || byte == UInt8(ascii: ".") {
            throw self.error(.invalidNumber)
        }
        guard self.position - start <= JSONNumber.maximumLength else {
            throw JSONError(code: .numberTooLong, offset: start)
        }
        return JSONNumber(text: String(decoding: self.bytes[start..<self.position], as: UTF8.self))
    }

    private mutating func digits() throws(JSONError) {
        let start = self.position
        while let byte = self.byte, byte.isASCIIDigit { self.position += 1 }
        guard self.position > start else {
            throw self.error(self.byte == nil ? .unexpectedEnd : .invalidNumber)
        }
    }

    @discardableResult
    private mutating func skip(_ symbol: UInt8) -> Bool {
        guard self.byte == symbol else { return false }
        self.position += 1
        return true
    }
}
