// SPDX-License-Identifier: Apache-2.0

import Crypto
public import Foundation
import Synchronization

/// Verifies received webhooks according to the specification Standard Webhooks.
///
/// ```swift
/// let verifier = WebhookVerifier([try WebhookSecret(text)])
/// try verifier.verify(body, id: id, timestamp: timestamp, signature: signature)
/// // Store the event.
/// verifier.complete(id)
/// ```
///
/// A verifier rejects a webhook in each of these cases:
///
/// * The ID or the timestamp is missing or malformed.
/// * The timestamp differs from the current time by more than the tolerance.
/// * No signature is valid.
/// * An earlier webhook with the same ID is in progress or was processed.
///
/// ``verify(_:id:timestamp:signature:at:)`` marks the ID as in progress. After the event is stored, call ``complete(_:)``. If
/// the event cannot be stored, call ``forget(_:)``, so that a retry is accepted. The sender waits 10 seconds for a response, so
/// a retry can arrive while the first attempt is in progress.
///
/// A verifier stores the IDs in the memory of one process. The timestamp of a webhook is valid for at most twice the tolerance,
/// and the verifier keeps the ID for at least this time. If more than 100,000 webhooks arrive in this time, the verifier may
/// forget the oldest IDs earlier. Receivers with several processes also need a unique key in a database.
public final class WebhookVerifier: Sendable {
    private enum Progress {
        case inProgress, completed
    }

    private struct State {
        var recent: [String: Progress] = [:]
        var older: [String: Progress] = [:]
        /// The time at which the IDs in `recent` move to `older`.
        var end = Date.distantPast

        /// At the end of the period, deletes the IDs in `older`, and moves the IDs in `recent` to `older`.
        mutating func rotate(at now: Date, period: TimeInterval) {
            guard now >= self.end else { return }
            self.older = now < self.end + period ? self.recent : [:]
            self.recent = [:]
            self.end = now + period
        }

        /// Adds an ID to `recent`.
        ///
        /// If `recent` is full, the method first deletes the IDs in `older`, and moves the IDs in `recent` to `older`.
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
    /// The length of a signature in bytes: the prefix `v1,` and an HMAC-SHA256 in base64.
    private static let signatureLength = 47

    private let secrets: [WebhookSecret]
    private let tolerance: TimeInterval
    /// The maximum number of IDs in each of the dictionaries `recent` and `older`.
    private let maximumIDs: Int
    private let state = Mutex(State())

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - secrets: The secrets. One of them must have signed the webhook. During a rotation, there are two secrets.
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
    /// After the webhook is processed, call ``complete(_:)``. If the webhook cannot be processed, call ``forget(_:)``, so that
    /// a retry is accepted.
    ///
    /// - Parameters:
    ///   - body: The body, byte for byte as received.
    ///   - id: The value of the header `webhook-id`.
    ///   - timestamp: The value of the header `webhook-timestamp`.
    ///   - signature: The value of the header `webhook-signature`, a list of signatures separated by spaces.
    ///   - now: The current time.
    /// - Throws: ``WebhookError`` if the webhook is invalid. For the code ``WebhookError/Code/replayed``, respond with a
    ///   success, because the sender did not receive the earlier response. For the code ``WebhookError/Code/inProgress``,
    ///   respond with the status 503, because the earlier attempt can still fail.
    public func verify(
        _ body: some DataProtocol,
        id: String,
        timestamp: String,
        signature: String,
        at now: Date = Date()
    ) throws(WebhookError) {
        // Periods separate the parts of the signed text, so an ID with a period would be ambiguous.
        guard (1...Self.maximumIDLength).contains(id.utf8.count), !id.utf8.contains(UInt8(ascii: ".")) else {
            throw WebhookError(.invalidHeader, "the header webhook-id is missing or malformed")
        }
        // A sign or leading zeros would change the signed text.
        guard let seconds = Int(timestamp), String(seconds) == timestamp else {
            throw WebhookError(.invalidHeader, "the header webhook-timestamp is not a number of seconds")
        }
        // This check is first, because it is faster than the check of the signature.
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

    /// Marks a webhook as processed, so that retries are rejected with the code ``WebhookError/Code/replayed``.
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

    /// Forgets the ID of a webhook that could not be processed, so that a retry is accepted.
    ///
    /// - Parameter id: The ID.
    public func forget(_ id: String) {
        self.state.withLock { state in
            state.recent[id] = nil
            state.older[id] = nil
        }
    }

    /// Compares the signatures with the HMAC of each secret.
    ///
    /// The HMAC is computed only once for each secret.
    ///
    /// - Parameters:
    ///   - signatures: The value of the header.
    ///   - content: Returns the signed text.
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

    /// Marks a new ID as in progress, or returns the progress of a known ID.
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
