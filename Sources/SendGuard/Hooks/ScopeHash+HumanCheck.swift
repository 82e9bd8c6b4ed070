// SPDX-License-Identifier: Apache-2.0

import SMSKit
import TextFormats

extension ScopeHash {
    /// The label of a fingerprint or a binding: the first byte of its hash input.
    ///
    /// A *fingerprint* identifies a response to a human check, so that the response is accepted only once. A *binding* is the
    /// text that binds a human check to a number, tenant and purpose.
    ///
    /// The hash input of a scope's name begins with the raw value of a ``GuardScope``. No label equals such a raw value.
    /// Therefore a fingerprint or a binding never has the same hash input as the name of a scope.
    private enum Label: UInt8 {
        case fingerprint = 0x80
        case binding = 0x81
    }

    /// Returns the text that binds a human check to a number, tenant and purpose.
    ///
    /// The web page passes the text to the provider's widget as customer data (`cData`). The provider returns the text with its
    /// verdict. If the user passed the check for another number, tenant or purpose, the returned text differs from the text for
    /// this request. The text is a keyed hash, so the provider does not learn the number.
    ///
    /// - Parameter request: The message that the client asks for. The source, signals and segments of the request do not affect
    ///   the result.
    /// - Returns: 16 characters: letters, digits, `-` and `_`.
    public func humanCheckBinding(of request: SendRequest) -> String {
        let fields = [request.tenant, request.purpose, request.number.e164].map { Array($0.utf8) }
        return Base64URL.encode(self.shortHash(.binding, fields))
    }

    /// Returns the fingerprint of a response to a human check.
    ///
    /// The verifier and the ledger store the fingerprints of used responses, so that each response is accepted only once.
    func fingerprint(of response: String) -> [UInt8] {
        self.shortHash(.fingerprint, [Array(response.utf8)])
    }

    /// Returns the first 12 bytes of the keyed hash of a label and fields.
    private func shortHash(_ label: Label, _ fields: [[UInt8]]) -> [UInt8] {
        Array(self.bytes(label: label.rawValue, fields).prefix(12))
    }
}
