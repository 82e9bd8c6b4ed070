// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The service manager that started the process, such as systemd, which receives states over a datagram socket (`sd_notify`).
///
/// Without the variable `NOTIFY_SOCKET`, there is no service manager, and all calls do nothing.
struct ServiceManager: Sendable {
    private let path: String?
    private let logger: Logger

    /// The longest time between two signs of life; `nil` if the service manager expects none.
    let watchdogTimeout: Duration?

    /// Reads the environment of the process.
    ///
    /// - Parameters:
    ///   - environment: The environment.
    ///   - logger: The logger of failures.
    init(_ environment: [String: String] = ProcessInfo.processInfo.environment, logger: Logger) {
        self.logger = logger
        self.path = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let isForThisProcess = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        let timeout = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
        self.watchdogTimeout = self.path != nil && isForThisProcess ? timeout.map { .microseconds($0) } : nil
    }

    /// Sends a state.
    ///
    /// - Parameter state: Assignments separated by line feeds, such as `READY=1`.
    func notify(_ state: String) async {
        guard let path = self.path else { return }
        do {
            let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path).get()
            let address = try SocketAddress(unixDomainSocketPath: path)
            let result = await asyncResult {
                try await channel.writeAndFlush(
                    AddressedEnvelope(remoteAddress: address, data: ByteBuffer(string: state))
                )
            }
            try await channel.close()
            try result.get()
        } catch {
            self.logger.warning("Service manager not notified", metadata: ["otp.error": "\(error)"])
        }
    }
}

/// Sends signs of life to the service manager.
///
/// The sign needs a thread of Swift's executor and an event loop, so a process whose threads all hang is restarted.
struct WatchdogService: Service {
    let manager: ServiceManager

    func run() async throws {
        guard let timeout = self.manager.watchdogTimeout else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.manager.notify("WATCHDOG=1")
                try? await Task.sleep(for: timeout / 2)
            }
        }
    }
}
