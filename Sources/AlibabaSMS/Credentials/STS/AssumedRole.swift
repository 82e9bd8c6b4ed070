// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// A role to assume in Alibaba's Resource Access Management (RAM), and the settings of the session.
public struct AssumedRole: Sendable, Hashable {
    /// The ARN of the role, in the form `acs:ram::ACCOUNT:role/NAME`.
    public var arn: String

    /// The name of the session in the account's audit log.
    public var sessionName: String

    /// The lifetime of the credential, from 15 minutes to 12 hours.
    ///
    /// The Security Token Service rejects a lifetime above the maximum that the role allows.
    public var duration: Duration

    /// A policy document that further restricts the permissions of the session.
    public var policy: String?

    /// The external ID, which a role of another account may require.
    public var externalID: String?

    /// Creates the settings of a session.
    ///
    /// - Parameters:
    ///   - arn: The ARN of the role.
    ///   - sessionName: The name of the session: 2 to 64 characters, which are letters, digits or `.@-_`.
    ///   - duration: The lifetime of the credential, from 15 minutes to 12 hours.
    ///   - policy: A policy document that further restricts the permissions of the session.
    ///   - externalID: The external ID, which a role of another account may require.
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
        let name = self.sessionName.utf8
        guard (2...64).contains(name.count), name.allSatisfy({ $0.isASCIIAlphanumeric || ".@-_".utf8.contains($0) })
        else {
            throw Self.error("roleSessionName", "must be 2 to 64 letters, digits and .@-_")
        }
        guard self.duration >= .seconds(900), self.duration <= .seconds(43_200) else {
            throw Self.error("duration", "of an assumed role must be 15 minutes to 12 hours")
        }
    }

    /// The parameters that `AssumeRole` and `AssumeRoleWithOIDC` have in common.
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
