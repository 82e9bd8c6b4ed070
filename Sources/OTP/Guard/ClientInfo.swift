// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SendGuard

/// The facts about the client of a call, as far as the caller knows them.
///
/// All facts are optional. A guard (`SMSGuard`) uses them to decide whether a message may be sent. The guard treats all clients
/// without an address as one source. If the service has no guard, only the device token can change the result of a call. Audit
/// events contain the network of the address.
public struct ClientInfo: Sendable, Hashable {
    /// The address of the client; `nil` if it is not known.
    public var source: SourceAddress?

    /// The token that the device received after an earlier verification; `nil` if the device has no token.
    public var deviceToken: DeviceToken?

    /// Whether the caller knows that this user has verified this number before.
    ///
    /// If the value is `true`, some limits of the guard do not apply. Derive the value only from the caller's own data, never
    /// from the client's request.
    public var isKnownNumber: Bool

    /// The response to a human check, such as a captcha, as the client sent it; `nil` if there was no check.
    public var humanCheckResponse: String?

    /// Creates the facts about a client.
    ///
    /// - Parameters:
    ///   - source: The address of the client; `nil` if it is not known.
    ///   - deviceToken: The token that the device received after an earlier verification.
    ///   - isKnownNumber: Whether the caller knows that this user has verified this number before.
    ///   - humanCheckResponse: The response to a human check, as the client sent it.
    public init(
        source: SourceAddress? = nil,
        deviceToken: DeviceToken? = nil,
        isKnownNumber: Bool = false,
        humanCheckResponse: String? = nil
    ) {
        self.source = source
        self.deviceToken = deviceToken
        self.isKnownNumber = isKnownNumber
        self.humanCheckResponse = humanCheckResponse
    }
}

extension ClientInfo: Redacted {
    /// The network of the client's address, and the name of each other fact that is set, such as `device token`.
    public var description: String {
        var text = "client from \(self.source?.description ?? "an unknown source")"
        if self.deviceToken != nil { text += ", device token" }
        if self.isKnownNumber { text += ", known number" }
        if self.humanCheckResponse != nil { text += ", human check" }
        return text
    }
}
