// SPDX-License-Identifier: Apache-2.0

import Crypto
public import Foundation
import Synchronization

/// Verifies received webhooks by the specification Standard Webhooks.
///
/// ```swift
/// let verifier = WebhookVerifier([try WebhookSecret(text)])
/// try verifier.verify(body, id: id, timestamp: timestamp, signature: signature)
/// // Store the event.
/// verifier.complete(id)
/// ```
///
/// A verifier refuses a webhook whose timestamp differs by more than the tolerance from the current time, and a webhook whose
/// ID it has already accepted. ``verify(_:id:timestamp:signature:at:)`` marks the ID as in progress. After the event is stored,
/// call ``complete(_:)``. If it cannot be stored, call ``forget(_:)``. The sender waits 10 seconds for a response, so an
/// attempt can arrive while an earlier attempt is in progress.
///
/// A verifier remembers IDs in the memory of one process, and at least as long as their timestamps are valid. If it accepts
/// more than 100,000 webhooks within twice the tolerance, it forgets the oldest IDs earlier. Receivers with several processes
/// also need a unique key in a database.
public final class WebhookVerifier: Sendable {
    private enum Progress {
        case inProgress, completed
    }

    private struct State {
        var recent: [String: Progress] = [:]
        var older: [String: Progress] = [:]
        /// The time at which the IDs in `recent` become older.
        var end = Date.distantPast

        /// Moves the IDs in `recent` to `older` if their time is over.
        mutating func rotate(at now: Date, period: TimeInterval) {
            guard now >= self.end else { return }
            self.older = now < self.end + period ? self.recent : [:]
            self.recent = [:]
            self.end = now + period
        }

        /// Adds an ID to `recent`, whose IDs become older early if there are too many.
        mutating func insert(_ id: String, _ progress: Progress, limit: Int) {
            if self.recent.count >= limit, self.recent[id] == nil {
                self.older = self.recent
                self.recent = [:]
            }
            self.recent[id] = progress
        }
    }

    private static let maximumIDLength = 256
    private static let maximumSignatures = 32
    /// The number of bytes of `v1,` and an HMAC-SHA256 in base64.
    private static let signatureLength = 47

    private let secrets: [WebhookSecret]
    private let tolerance: TimeInterval
    /// The maximum number of IDs in each of the two generations.
    private let maximumIDs: Int
    private let state = Mutex(State())

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - secrets: The secrets, of which one must have signed the webhook. During a rotation, there are two.
    ///   - tolerance: The maximum difference between the timestamp of a webhook and the current time.
    public convenience init(_ secrets: [WebhookSecret], tolerance: Duration = .seconds(300)) {
        self.init(secrets, tolerance: tolerance, maximumIDs: 100_000)
    }

    package init(_ secrets: [WebhookSecret], tolerance: Duration = .seconds(300), maximumIDs: Int) {
        self.secrets = secrets
        self.tolerance = tolerance / .seconds(1)
        self.maximumIDs = maximumIDs
    }

    /// Verifies a webhook, and marks its ID as in progress.
    ///
    /// After the webhook was processed, call ``complete(_:)``. If it cannot be processed, call ``forget(_:)``, so that the
    /// sender's next attempt is accepted.
    ///
    /// - Parameters:
    ///   - body: The body, byte for byte as received.
    ///   - id: The value of the header `webhook-id`.
    ///   - timestamp: The value of the header `webhook-timestamp`.
    ///   - signature: The value of the header `webhook-signature`, a list of signatures separated by spaces.
    ///   - now: The current time.
    /// - Throws: ``WebhookError`` if the webhook must be refused. Respond to the code ``WebhookError/Code/replayed`` as to a
    ///   success, because the sender did not receive the earlier response. Respond to the code
    ///   ``WebhookError/Code/inProgress`` with the status 503, so that the sender retries if the earlier attempt fails.
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
        // Checked before the signature, because the check of the signature reads the whole body.
        guard abs(now.timeIntervalSince1970 - Double(seconds)) <= self.tolerance else {
            throw WebhookError(.wrongTime, "the timestamp differs too much from the current time")
        }
        let isSigned = self.isSigned(signature) { WebhookSecret.content(body, id, seconds) }
        guard isSigned else { throw WebhookError(.wrongSignature, "no signature is valid under one of the secrets") }
        switch self.claim(id, at: now) {
        case nil: return
        case .inProgress: throw WebhookError(.inProgress, "a webhook with this ID is being processed")
        case .completed: throw WebhookError(.replayed, "a webhook with this ID was already processed")
        }
    }

    /// Marks a webhook as processed, so that the verifier refuses further attempts with the code
    /// ``WebhookError/Code/replayed``.
    ///
    /// - Parameter id: The ID.
    public func complete(_ id: String) {
        self.state.withLock { state in
            if state.older[id] != nil {
                state.older[id] = .completed
            } else {
                state.insert(id, .completed, limit: self.maximumIDs)
            }
        }
    }

    /// Forgets the ID of a webhook that was verified, but could not be processed, so that the next attempt is accepted.
    ///
    /// - Parameter id: The ID.
    public func forget(_ id: String) {
        self.state.withLock { state in
            state.recent[id] = nil
            state.older[id] = nil
        }
    }

    /// Compares the signatures with the authentication code of each secret.
    ///
    /// Each secret computes one code, for any number of signatures.
    ///
    /// - Parameters:
    ///   - signatures: The value of the header.
    ///   - content: A closure that returns the signed text.
    /// - Returns: Whether a signature is valid.
    private func isSigned(_ signatures: String, _ content: () -> Data) -> Bool {
        let codes = signatures.split(separator: " ", maxSplits: Self.maximumSignatures)
            .filter { $0.utf8.count == Self.signatureLength && $0.hasPrefix("v1,") }
            .compactMap { Data(base64Encoded: String($0.dropFirst(3))) }
        guard !codes.isEmpty else { return false }
        let content = content()
        return self.secrets.contains { secret in
            let expected = secret.code(of: content)
            return codes.contains { expected == $0 }
        }
    }

    /// Marks a new ID as in progress, and returns the progress of a known one.
    private func claim(_ id: String, at now: Date) -> Progress? {
        self.state.withLock { state in
            // A timestamp is valid for at most twice the tolerance.
            state.rotate(at: now, period: 2 * self.tolerance)
            if let progress = state.older[id] ?? state.recent[id] { return progress }
            state.insert(id, .inProgress, limit: self.maximumIDs)
            return nil
        }
    }
}
