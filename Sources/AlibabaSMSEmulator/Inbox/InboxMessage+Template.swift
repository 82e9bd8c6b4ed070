// SPDX-License-Identifier: Apache-2.0

extension InboxMessage {
    /// The template of a message to mainland China.
    public struct Template: Codable, Sendable, Hashable {
        /// The code of the template, such as `SMS_123456`.
        public var code: String
        /// The values of the variables, keyed by variable name.
        public var parameters: [String: String]

        /// Creates a template.
        ///
        /// - Parameters:
        ///   - code: The code of the template, such as `SMS_123456`.
        ///   - parameters: The values of the variables, keyed by variable name.
        public init(code: String, parameters: [String: String]) {
            self.code = code
            self.parameters = parameters
        }
    }
}
