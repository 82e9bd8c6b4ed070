// SPDX-License-Identifier: Apache-2.0

/// A member of a request body.
///
/// The reader of bodies and the OpenAPI document share this list.
enum Member: String, CaseIterable {
    case number, purpose, locale, tenant, context, client, token, code

    /// A member of the object `client`.
    enum Client: String, CaseIterable {
        case address, deviceToken, knownNumber, humanCheckResponse
    }
}
