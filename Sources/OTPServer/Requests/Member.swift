// SPDX-License-Identifier: Apache-2.0

/// The names of the members that the body of a request to ``OTPRoutes`` can have.
///
/// The parser of request bodies and the OpenAPI document both use this list.
enum Member: String, CaseIterable {
    case number, purpose, locale, tenant, context, client, token, code

    /// The names of the members that the object `client` can have.
    enum Client: String, CaseIterable {
        case address, deviceToken, knownNumber, humanCheckResponse
    }
}
