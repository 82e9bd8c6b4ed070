// SPDX-License-Identifier: Apache-2.0

import SMSKit
import TextFormats

extension ScopeHash {
    /// The first bytes of the hashed messages, which differ from every scope of a ledger.
    private enum Label: UInt8 {
        case fingerprint = 0x80
        case binding = 0x81
    }

    /// Returns the text that binds a human check to a number, tenant and purpose.
    ///
    /// The server hands it to the page, and the page passes it to the provider's widget as customer data (`cData`). The provider
    /// returns it with its verdict. It is a keyed hash, so the provider does not learn the number.
    ///
    /// - Parameter request: The message that the client asks for. Its source, signals and segments do not matter.
    /// - Returns: 16 letters, digits, `-` and `_`.
    public func humanCheckBinding(of request: SendRequest) -> String {
        let fields = [request.tenant, request.purpose, request.number.e164].map { Array($0.utf8) }
        return Base64URL.encode(self.name(label: Label.binding.rawValue, fields))
    }

    /// Returns the name of a response in memory.
    func fingerprint(of response: String) -> [UInt8] {
        self.name(label: Label.fingerprint.rawValue, CollectionOfOne(Array(response.utf8)))
    }
}
