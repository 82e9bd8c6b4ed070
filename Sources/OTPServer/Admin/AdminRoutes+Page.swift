// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SMSKit
package import SendGuard

/// The parts of the routes that the page of operators shares.
extension AdminRoutes {
    /// The actions of an operator on the current service.
    package var operatorActions: OperatorActions { self.actions(on: self.routes) }

    /// The numbering plan that parses phone numbers.
    package var plan: NumberingPlan { self.routes.plan }

    /// Returns the API key with a text, if it has the scope `admin` and is not limited to a tenant.
    ///
    /// - Parameters:
    ///   - text: The secret text of the key.
    ///   - source: The address of the client, whose wrong keys are counted; `nil` if it is not known.
    ///   - logger: The logger of the first refusal of a source.
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

    /// Returns whether the routes still accept a key, which may have been removed, replaced or expired.
    package func accepts(_ key: APIKey) -> Bool { self.routes.keys.contains(key) }
}
