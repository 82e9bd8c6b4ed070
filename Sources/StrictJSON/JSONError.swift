// SPDX-License-Identifier: Apache-2.0

/// The first fault in a JSON text.
///
/// An error contains no part of the text, so it can be logged.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of a fault.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The text is empty or ends inside a value.
        case unexpectedEnd
        /// A byte is not allowed at its position.
        case unexpectedByte
        /// The text continues after the value.
        case trailingContent
        /// Arrays and objects are nested too deeply.
        case nestingTooDeep
        /// An object has two members with the same name.
        case duplicateName
        /// A number does not follow the grammar of JSON.
        case invalidNumber
        /// A number has too many characters.
        case numberTooLong
        /// A string is not valid UTF-8.
        case invalidUTF8
        /// A string contains a control character that must be escaped.
        case controlCharacter
        /// A backslash does not begin a valid escape sequence.
        case invalidEscape
        /// An escape sequence is only one half of a surrogate pair.
        case loneSurrogate
        /// A string contains U+0000.
        case nulCharacter
        /// A string has too many consecutive combining marks.
        case tooManyMarks
    }

    /// The kind of the fault.
    package let code: Code

    /// The number of bytes before the fault.
    ///
    /// If a whole string or number is invalid, the offset is the start of the string or number.
    package let offset: Int

    /// The kind and the position of the fault.
    package var description: String { "\(self.sentence) at byte \(self.offset)" }

    private var sentence: String {
        switch self.code {
        case .unexpectedEnd: "the JSON text ends too early"
        case .unexpectedByte: "the JSON text has an unexpected character"
        case .trailingContent: "the JSON text continues after its value"
        case .nestingTooDeep: "the JSON text is nested too deeply"
        case .duplicateName: "the JSON text has a duplicate member"
        case .invalidNumber: "the JSON text has an invalid number"
        case .numberTooLong: "the JSON text has a number with too many digits"
        case .invalidUTF8: "the JSON text is not UTF-8"
        case .controlCharacter: "the JSON text has an unescaped control character"
        case .invalidEscape: "the JSON text has an invalid escape sequence"
        case .loneSurrogate: "the JSON text has half a surrogate pair"
        case .nulCharacter: "the JSON text has a NUL character"
        case .tooManyMarks: "the JSON text has too many combining marks in a row"
        }
    }
}
