// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The rules for a brand, which is the name of the sender in a message.
enum MessageBrand {
    /// Checks and normalizes a brand.
    ///
    /// Letters are composed with their marks, and typographic apostrophes, hyphens and spaces are replaced by ASCII characters.
    ///
    /// - Parameters:
    ///   - text: The brand as typed or pasted.
    ///   - locale: The language of the brand; `nil` for all languages.
    /// - Returns: The brand in Unicode's normalization form C.
    /// - Throws: ``MessageTemplateError`` with the code `invalidBrand`. The error does not quote the brand.
    static func read(_ text: String, locale: MessageLocale? = nil) throws(MessageTemplateError) -> String {
        let brand = text.precomposedStringWithCanonicalMapping.unicodeScalars.map(self.plain)
        if let fault = self.fault(of: brand) {
            throw MessageTemplateError(.invalidBrand, "the brand \(fault)", locale: locale, subject: .brand)
        }
        return String(String.UnicodeScalarView(brand))
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\u{2018}", "\u{2019}": "'"
        case "\u{2010}", "\u{2011}": "-"
        case "\u{A0}", "\u{3000}": " "
        default: scalar
        }
    }

    private static func fault(of brand: [Unicode.Scalar]) -> String? {
        guard (1...20).contains(brand.count) else { return "must have 1 to 20 characters" }
        guard brand.count(where: Self.isDigit) <= 3 else {
            return "must have at most 3 digits, so that they are not mistaken for the code"
        }
        for index in brand.indices {
            let previous = index > 0 ? brand[index - 1] : nil
            let next = index + 1 < brand.count ? brand[index + 1] : nil
            if let fault = self.fault(of: brand[index], after: previous, before: next) { return fault }
        }
        return self.faultOfMarks(in: brand)
            ?? (LinkCheck.looksLikeLink(String(String.UnicodeScalarView(brand))[...])
                ? "must not look like a link" : nil)
    }

    private static func fault(
        of scalar: Unicode.Scalar,
        after previous: Unicode.Scalar?,
        before next: Unicode.Scalar?
    ) -> String? {
        if self.isLetter(scalar) || self.isMark(scalar) || self.isDigit(scalar) { return nil }
        switch scalar {
        // Middle dots separate words in Japanese and Catalan names.
        case "&", "'", "-", "\u{B7}", "\u{30FB}": return nil
        case " ":
            let isSingle = previous != nil && next != nil && next != " "
            return isSingle ? nil : "must have single spaces between words only"
        case ".":
            return previous == nil || (next != nil && next != " ") ? "must not look like a host name" : nil
        default:
            return "must have letters, digits, spaces and & ' - . · ・ only, and has U+\(scalar.hexadecimal)"
        }
    }

    /// Returns the fault of a brand with misplaced marks, or `nil` if there is no fault.
    ///
    /// A combining mark must follow a letter. Stacked marks are rejected, because they can cover adjacent lines.
    private static func faultOfMarks(in brand: [Unicode.Scalar]) -> String? {
        var marks: [Unicode.Scalar] = []
        var previous: Unicode.Scalar = " "
        for scalar in String(String.UnicodeScalarView(brand)).decomposedStringWithCanonicalMapping.unicodeScalars {
            if self.isMark(scalar) {
                guard self.isLetter(previous) || !marks.isEmpty else { return "must have marks after letters only" }
                // A Vietnamese letter has up to two general combining marks. A letter in a South Asian script has up to three
                // marks of its script.
                let isGeneral = (0x0300...0x036F).contains(scalar.value)
                guard !marks.contains(scalar), marks.count < (isGeneral ? 2 : 3) else {
                    return "must not have stacked marks"
                }
                marks.append(scalar)
            } else {
                marks = []
            }
            previous = scalar
        }
        return nil
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            // The Hangul fillers are letters, but invisible.
            !scalar.properties.isDefaultIgnorableCodePoint
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: !scalar.properties.isDefaultIgnorableCodePoint
        default: false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
