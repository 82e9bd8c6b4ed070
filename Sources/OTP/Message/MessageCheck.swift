import SMS

/// What a message and its configured parts must be like.
enum MessageCheck {
    /// Checks the name of the sender.
    static func brand(_ brand: String, locale: MessageLocale) throws(MessageTemplateError) {
        if let fault = self.fault(ofBrand: Array(brand.unicodeScalars)) {
            throw MessageTemplateError(.invalidBrand, "the brand \(fault)", locale: locale)
        }
    }

    /// Checks that the origin is a host name as browsers compare it.
    static func origin(_ host: String) throws(MessageTemplateError) {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isHost = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { self.isLetter($0) || self.isDigit($0) || $0 == UInt8(ascii: "-") }
        }
        guard isHost, labels.count >= 2, host.utf8.count <= 253, labels.last?.contains(where: self.isLetter) == true
        else {
            throw MessageTemplateError(
                .invalidOrigin,
                "the origin must be a host name in lower case such as example.com, without scheme, port and path"
            )
        }
    }

    /// Checks a whole text.
    static func text(
        _ text: String,
        code: String,
        origin: String?,
        locale: MessageLocale
    ) throws(MessageTemplateError) {
        let count = SMSSegmentCount(of: text)
        guard count.segments == 1 else {
            throw MessageTemplateError(
                .tooLong,
                "a text takes \(count.units) units of \(count.encoding) and would be billed as \(count.segments) "
                    + "messages: shorten the brand\(origin == nil ? "" : ", the origin or the longest code")",
                locale: locale
            )
        }
        // Whoever copies a number from the message must copy the code.
        let groups = text.utf8.split(whereSeparator: { !self.isDigit($0) }).filter { $0.count >= 4 }
        guard groups.allSatisfy({ $0.elementsEqual(code.utf8) }), groups.count == (origin == nil ? 1 : 2) else {
            throw MessageTemplateError(.ambiguousText, "a text holds digits beside the code", locale: locale)
        }
        let body = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard body.count == (origin == nil ? 1 : 2), let first = body.first, !self.looksLikeLink(first) else {
            throw MessageTemplateError(.ambiguousText, "a text holds something like a link", locale: locale)
        }
    }

    private static func fault(ofBrand brand: [Unicode.Scalar]) -> String? {
        guard (1...20).contains(brand.count) else { return "must have 1 to 20 characters" }
        var digits = 0
        for (index, scalar) in brand.enumerated() {
            let next = index + 1 < brand.count ? brand[index + 1] : nil
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter:
                continue
            case .decimalNumber where scalar.isASCII:
                digits += 1
                if digits > 3 { return "must have at most 3 digits, so that none are taken for the code" }
            default:
                switch scalar {
                case "&", "'", "-": continue
                case " ":
                    if index == 0 || next == nil || next == " " { return "must have single spaces between words only" }
                case ".":
                    if index == 0 || (next != nil && next != " ") { return "must not look like a host name" }
                default: return "must have letters, digits, spaces and & ' - . only"
                }
            }
        }
        let isLink = self.looksLikeLink(brand.map(String.init).joined()[...])
        return isLink ? "must not look like a link" : nil
    }

    private static func looksLikeLink(_ text: Substring) -> Bool {
        let lowered = text.lowercased()
        if lowered.contains("http") || lowered.contains("www") || lowered.contains(where: { "/@#\\".contains($0) }) {
            return true
        }
        let scalars = Array(lowered.unicodeScalars)
        return scalars.indices.dropLast().dropFirst()
            .contains {
                scalars[$0] == "." && scalars[$0 - 1].properties.isAlphabetic && scalars[$0 + 1].properties.isAlphabetic
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
