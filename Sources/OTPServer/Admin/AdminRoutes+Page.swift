// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SMSKit
package import SendGuard

/// The parts of the routes that the admin page also uses.
extension AdminRoutes {
    /// The actions that an operator can perform on the service.
    package var operatorActions: OperatorActions { self.actions(on: self.routes) }

    /// The numbering plan for phone numbers in requests.
    package var plan: NumberingPlan { self.routes.plan }

    /// Returns the API key with the given secret text.
    ///
    /// The key must have the scope `admin` and must not be limited to a tenant.
    ///
    /// - Parameters:
    ///   - text: The secret text of the key.
    ///   - source: The address of the client; `nil` if the address is not known. Wrong keys are counted per address.
    ///   - logger: The logger. If a source sends too many wrong keys, only the first refusal is logged.
    /// - Returns: The key.
    /// - Throws: ``HTTPProblem`` with the code `unauthorized`, `forbidden` or `tooManyWrongKeys`.
    package func key(
        _ text: String,
        from source: SourceAddress?,
        log logger: Logger
    ) throws(HTTPProblem) -> APIKey {
        guard let key = self.routes.keys.key(authorization: "Bearer \(text)") else {
            throw self.routes.wrongKeys.problem(for: source, log: logger)
        }
        guard key.scopes.contains(.admin), key.tenant == nil else { throw HTTPProblem(.forbidden) }
        return key
    }

    /// Returns whether a key is still valid: it was not removed, not replaced, and has not expired.
    package func accepts(_ key: APIKey) -> Bool { self.routes.keys.contains(key) }
}
