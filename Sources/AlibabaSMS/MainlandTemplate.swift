// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The approved signature and template for verification codes to mainland China.
///
/// The template determines the wording of the message. The gateway receives only the values of the message's variables, not the
/// text of the message.
public struct MainlandTemplate: Sendable, Hashable {
    /// The approved signature: the name of the sender, which may contain Chinese characters.
    public var signature: String

    /// The code of the template, such as `SMS_123456`.
    public var code: String

    /// The names of the message's variables, keyed by the names of the template's variables.
    ///
    /// For example, `["code": "code"]` replaces `${code}` in the template with the message's variable `code`.
    public var variables: [String: String]

    /// Creates a template.
    ///
    /// - Parameters:
    ///   - signature: The approved signature.
    ///   - code: The code of the template, such as `SMS_123456`.
    ///   - variables: The names of the message's variables, keyed by the names of the template's variables.
    public init(signature: String, code: String, variables: [String: String] = ["code": "code"]) {
        self.signature = signature
        self.code = code
        self.variables = variables
    }

    static func validate(
        signature: String,
        signatureField: String,
        templateCode: String
    ) throws(AlibabaSMSError) {
        guard !signature.allSatisfy(\.isWhitespace) else {
            throw AlibabaSMSError(.invalidRequest, field: signatureField, message: "\(signatureField) is empty")
        }
        let isCode =
            (1...64).contains(templateCode.utf8.count)
            && templateCode.utf8.allSatisfy { byte in
                byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_")
            }
        guard isCode else {
            let message = "templateCode must be letters, digits and underscores, such as SMS_123456"
            throw AlibabaSMSError(.invalidRequest, field: "templateCode", message: message)
        }
    }
}
