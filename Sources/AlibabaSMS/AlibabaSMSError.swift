/// A mistake that is found before anything is sent.
///
/// It names the field and never holds its value.
public struct AlibabaSMSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake it is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String { case invalidConfiguration, invalidCredential, missingCredential, invalidRequest }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// A value of the configuration cannot be used.
        public static var invalidConfiguration: Self { .init(.invalidConfiguration) }

        /// A part of the credential is malformed.
        public static var invalidCredential: Self { .init(.invalidCredential) }

        /// There is no credential.
        public static var missingCredential: Self { .init(.missingCredential) }

        /// A field of a request cannot be sent.
        public static var invalidRequest: Self { .init(.invalidRequest) }

        /// A short name without dynamic values, fit for a metric label.
        public var description: String { self.base.rawValue }
    }

    /// What kind of mistake it is.
    public var code: Code

    /// The field at fault.
    public var field: String

    /// A sentence for a person, without the value.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What kind of mistake it is.
    ///   - field: The field at fault.
    ///   - message: A sentence for a person, without the value.
    public init(_ code: Code, field: String, message: String) {
        self.code = code
        self.field = field
        self.message = message
    }

    /// The code and the message.
    public var description: String { "\(self.code): \(self.message)" }
}
