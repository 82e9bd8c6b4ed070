// SPDX-License-Identifier: Apache-2.0

/// The names of all members in the request bodies of ``OTPRoutes``.
///
/// The parser of request bodies and the OpenAPI document both use this list.
enum Member: String, CaseIterable {
    case number, purpose, locale, tenant, context, client, token, code

    /// The names of the members of the object `client`.
    enum Client: String, CaseIterable {
        case address, deviceToken, knownNumber, humanCheckResponse
    }
}
