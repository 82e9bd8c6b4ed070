// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPServer
import SMSKit
import SendGuard

/// The state of a signed-in operator.
///
/// The state never leaves the server.
struct AdminSession: Sendable {
    /// A subject that the operator looked up.
    enum Subject: Sendable {
        case number(PhoneNumber)
        case decision(DecisionID)
    }

    /// The API key, without its secret text.
    let key: APIKey

    /// The subject that the look-up page explains; `nil` before the first look-up.
    var subject: Subject?

    /// The result of the last form.
    ///
    /// The next page shows it once.
    var notice: Notice?

    /// Creates the session of an operator.
    init(_ key: APIKey) { self.key = key }
}
