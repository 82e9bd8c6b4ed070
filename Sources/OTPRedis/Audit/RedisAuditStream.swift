// SPDX-License-Identifier: Apache-2.0

import Foundation
public import Hiredis
public import NIOCore
public import NIOPosix
import OTP
public import SendGuard
public import ServiceLifecycle

/// An audit sink that writes events to a bounded Redis stream.
///
/// All processes of a service write to the same stream. Redis removes the oldest events to limit the memory of the stream. To
/// keep events for longer, copy them to a log. The commands are sent in the background: one for each event, and one more for
/// each batch of events.
///
/// The stream has its own connections. The first event opens them, and ``shutdown()`` or the end of ``run()`` closes them.
public final class RedisAuditStream: AuditHistory {
    /// The version of the entries' layout.
    static let version = "1"

    /// The TTL of the stream: 400 days, about the maximum lifetime of a phone-number record.
    ///
    /// Each batch of events renews the TTL.
    static let ttl = Duration.seconds(400 * 86_400)

    private let client: RedisClient
    private let key: String
    private let length: Int
    private let lifecycle: ClientLifecycle

    /// Creates a stream, without connecting.
    ///
    /// - Parameters:
    ///   - configuration: The address of the server, and the settings of the connections.
    ///   - prefix: The first part of the names of all keys. It must not contain braces.
    ///   - length: The approximate number of events that the stream keeps.
    ///   - eventLoopGroup: The event loops of the connections.
    /// - Throws: `RedisError.Code.invalidConfiguration` if a setting, a TLS file or the prefix is invalid.
    public convenience init(
        configuration: RedisConfiguration,
        prefix: String = "otp",
        length: Int = 100_000,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(RedisError) {
        let client = try RedisClient(configuration: configuration, keyPrefix: prefix, eventLoopGroup: eventLoopGroup)
        self.init(client: client, prefix: prefix, length: length)
    }

    /// Creates a stream that uses a client.
    ///
    /// - Parameters:
    ///   - client: The client, which ``shutdown()`` closes.
    ///   - prefix: The first part of the names of all keys. It must not contain braces.
    ///   - length: The approximate number of events that the stream keeps.
    package init(client: RedisClient, prefix: String = "otp", length: Int = 100_000) {
        self.client = client
        self.lifecycle = ClientLifecycle(client, of: "stream")
        self.key = "\(prefix):{audit}"
        self.length = max(1, length)
    }

    /// Appends events to the stream, and renews the TTL of the stream.
    public func record(_ events: [AuditEvent]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            // The commands are sent concurrently, and Redis may add the entries in another order. Therefore each entry contains
            // the time of its event.
            for event in events {
                let arguments = self.arguments(event)
                group.addTask { _ = try await self.client.send("XADD", arguments) }
            }
            try await group.waitForAll()
        }
        _ = try await self.client.send("PEXPIRE", .text(self.key), .integer(Self.ttl.milliseconds))
    }

    /// Returns the newest events that a closure accepts.
    ///
    /// - Parameters:
    ///   - count: The maximum number of events.
    ///   - isWanted: A closure that returns whether an event belongs to the result.
    /// - Returns: The events, the newest first. Entries with an unknown layout version are omitted.
    /// - Throws: `RedisError` if the server is not reachable or refuses the command.
    public func newest(
        _ count: Int,
        where isWanted: @Sendable (AuditEvent) -> Bool = { _ in true }
    ) async throws -> [AuditEvent] {
        var events: [AuditEvent] = []
        var end = RedisArgument("+")
        while true {
            let reply = try await self.client.send("XREVRANGE", [.text(self.key), end, "-", "COUNT", 500])
            guard case .array(let entries) = reply else { throw ScriptReply.unexpected }
            for entry in entries {
                guard let event = try AuditEvent(entry: entry), isWanted(event) else { continue }
                events.append(event)
                if events.count == count { return events.sorted { $0.time > $1.time } }
            }
            guard let last = entries.last, case .array(let parts) = last, case .bulk(let id)? = parts.first else {
                return events.sorted { $0.time > $1.time }
            }
            end = .bytes(Array("(".utf8) + id)
        }
    }

    private func arguments(_ event: AuditEvent) -> [RedisArgument] {
        let fixed: [RedisArgument] = [
            .text(self.key), "MAXLEN", "~", .integer(Int64(self.length)), "*", "v", .text(Self.version), "kind",
            .text(event.kind.rawValue), "time",
            .integer(Int64((event.time.timeIntervalSince1970 * 1_000_000).rounded())),
        ]
        let fields = event.fields.sorted { $0.key.rawValue < $1.key.rawValue }
        return fixed + fields.flatMap { [RedisArgument.text($0.key.rawValue), .text($0.value)] }
    }

    /// Closes all connections, and returns when they are closed.
    ///
    /// Later events fail with `RedisError.Code.clientClosed`. Calling the method again has no effect.
    public func shutdown() async {
        await self.lifecycle.shutdown()
    }
}

extension RedisAuditStream: Service {
    /// Keeps the stream open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// The stream also works without a call of this method.
    ///
    /// - Throws: `RedisError.Code.clientClosed` if the stream was already shut down.
    public func run() async throws {
        try await self.lifecycle.run()
    }
}

extension AuditEvent {
    /// Decodes an entry of the stream; returns `nil` if the layout version of the entry is unknown.
    fileprivate init?(entry: RedisReply) throws {
        guard case .array(let parts) = entry, parts.count == 2, case .array(let list) = parts[1],
            list.count.isMultiple(of: 2)
        else { throw ScriptReply.unexpected }
        var values: [String: String] = [:]
        for position in stride(from: 0, to: list.count, by: 2) {
            guard case .bulk(let name) = list[position], case .bulk(let value) = list[position + 1] else {
                throw ScriptReply.unexpected
            }
            values[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        }
        guard values.removeValue(forKey: "v") == RedisAuditStream.version,
            let kind = values.removeValue(forKey: "kind"),
            let time = values.removeValue(forKey: "time").flatMap({ Int64($0) })
        else { return nil }
        let fields = values.map { (Field(rawValue: $0.key), $0.value) }
        self.init(
            Kind(rawValue: kind),
            at: Date(timeIntervalSince1970: Double(time) / 1_000_000),
            Dictionary(uniqueKeysWithValues: fields)
        )
    }
}
