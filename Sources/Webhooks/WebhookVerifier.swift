// SPDX-License-Identifier: Apache-2.0

public import Foundation
import Synchronization

/// Verifies received webhooks by the specification Standard Webhooks.
///
/// ```swift
/// let verifier = WebhookVerifier([try WebhookSecret(text)])
/// try verifier.verify(body, id: id, timestamp: timestamp, signature: signature)
/// ```
///
/// A verifier refuses a webhook whose timestamp differs by more than the tolerance from the current time, and a webhook whose
/// ID it has already accepted. It remembers IDs in the memory of one process, and at least as long as their timestamps are
/// valid. Receivers with several processes also need a unique key in a database.
public final class WebhookVerifier: Sendable {
    private struct State {
        var recent: Set<String> = []
        var older: Set<String> = []
        /// The time at which the IDs in `recent` become older.
        var end = Date.distantPast
    }

    private static let maximumIDLength = 256
    private static let maximumSignatures = 32

    private let secrets: [WebhookSecret]
    private let tolerance: TimeInterval
    private let state = Mutex(State())

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - secrets: The secrets, of which one must have signed the webhook. During a rotation, there are two.
    ///   - tolerance: The maximum difference between the timestamp of a webhook and the current time.
    public init(_ secrets: [WebhookSecret], tolerance: Duration = .seconds(300)) {
        self.secrets = secrets
        self.tolerance = tolerance / .seconds(1)
    }

    /// Verifies a webhook, and remembers its ID.
    ///
    /// If the webhook cannot be processed, call ``forget(_:)``, so that the sender's next attempt is accepted.
    ///
    /// - Parameters:
    ///   - body: The body, byte for byte as received.
    ///   - id: The value of the header `webhook-id`.
    ///   - timestamp: The value of the header `webhook-timestamp`.
    ///   - signature: The value of the header `webhook-signature`, a list of signatures separated by spaces.
    ///   - now: The current time.
    /// - Throws: ``WebhookError`` if the webhook must be refused. Respond to the code ``WebhookError/Code/replayed`` as to a
    ///   success, because the sender did not receive the earlier response.
    public func verify(
        _ body: some DataProtocol,
        id: String,
        timestamp: String,
        signature: String,
        at now: Date = Date()
    ) throws(WebhookError) {
        // The signed text separates its parts by full stops, so an ID with a full stop would be ambiguous.
        guard (1...Self.maximumIDLength).contains(id.utf8.count), !id.utf8.contains(UInt8(ascii: ".")) else {
            throw WebhookError(.invalidHeader, "the header webhook-id is missing or malformed")
        }
        // The text of the number must be the text that was signed, without a sign or leading zeros.
        guard let seconds = Int(timestamp), String(seconds) == timestamp else {
            throw WebhookError(.invalidHeader, "the header webhook-timestamp is not a number of seconds")
        }
        let codes = signature.split(separator: " ").prefix(Self.maximumSignatures)
            .compactMap { $0.hasPrefix("v1,") ? Data(base64Encoded: String($0.dropFirst(3))) : nil }
        let isSigned = codes.contains { code in
            self.secrets.contains { $0.isValid(code, of: body, id: id, timestamp: seconds) }
        }
        guard isSigned else { throw WebhookError(.wrongSignature, "no signature is valid under one of the secrets") }
        guard abs(now.timeIntervalSince1970 - Double(seconds)) <= self.tolerance else {
            throw WebhookError(.wrongTime, "the timestamp differs too much from the current time")
        }
        guard self.remember(id, at: now) else {
            throw WebhookError(.replayed, "a webhook with this ID was already accepted")
        }
    }

    /// Forgets the ID of a webhook that was verified, but could not be processed.
    ///
    /// - Parameter id: The ID.
    public func forget(_ id: String) {
        self.state.withLock { state in
            state.recent.remove(id)
            state.older.remove(id)
        }
    }

    /// Remembers an ID, and returns whether it is new.
    private func remember(_ id: String, at now: Date) -> Bool {
        self.state.withLock { state in
            if now >= state.end {
                // A timestamp is valid for at most twice the tolerance.
                let period = 2 * self.tolerance
                state.older = now < state.end + period ? state.recent : []
                state.recent = []
                state.end = now + period
            }
            guard !state.older.contains(id) else { return false }
            return state.recent.insert(id).inserted
        }
    }
}
