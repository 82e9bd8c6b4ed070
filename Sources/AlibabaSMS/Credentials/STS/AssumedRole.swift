/// A RAM role that is to be assumed, and how.
public struct AssumedRole: Sendable, Hashable {
    /// The ARN: `acs:ram::ACCOUNT:role/NAME`.
    public var arn: String

    /// The name under which the session is found in the records of the account.
    public var sessionName: String

    /// For how long the credential is to live; at least 15 minutes, and no longer than the role allows.
    public var duration: Duration

    /// A policy document that narrows what the session may do.
    public var policy: String?

    /// What the owner of a role in another account asks for.
    public var externalID: String?

    /// Creates a description.
    ///
    /// - Parameters:
    ///   - arn: The ARN.
    ///   - sessionName: The name of the session: 2 to 64 letters, digits and `.@-_`.
    ///   - duration: For how long the credential is to live.
    ///   - policy: A policy document that narrows what the session may do.
    ///   - externalID: What the owner of a role in another account asks for.
    public init(
        arn: String,
        sessionName: String = "swift-otp",
        duration: Duration = .seconds(3600),
        policy: String? = nil,
        externalID: String? = nil
    ) {
        self.arn = arn
        self.sessionName = sessionName
        self.duration = duration
        self.policy = policy
        self.externalID = externalID
    }

    func validate() throws(AlibabaSMSError) {
        guard self.arn.hasPrefix("acs:ram::"), self.arn.contains(":role/") else {
            throw Self.error("roleARN", "must be acs:ram::ACCOUNT:role/NAME")
        }
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.@-_".utf8)
        let name = self.sessionName.utf8
        guard (2...64).contains(name.count), name.allSatisfy(allowed.contains) else {
            throw Self.error("roleSessionName", "must be 2 to 64 letters, digits and .@-_")
        }
        guard self.duration >= .seconds(900), self.duration <= .seconds(43_200) else {
            throw Self.error("duration", "of an assumed role must be 15 minutes to 12 hours")
        }
    }

    /// The parameters of either action.
    var parameters: [RequestParameter] {
        var parameters = [
            RequestParameter("RoleArn", self.arn),
            RequestParameter("RoleSessionName", self.sessionName),
            RequestParameter("DurationSeconds", "\(self.duration.components.seconds)"),
        ]
        if let policy = self.policy { parameters.append(RequestParameter("Policy", policy)) }
        return parameters
    }

    private static func error(_ field: String, _ message: String) -> AlibabaSMSError {
        AlibabaSMSError(.invalidConfiguration, field: field, message: "\(field) \(message)")
    }
}
