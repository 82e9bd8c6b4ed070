// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The service manager that started the process, such as systemd.
///
/// The process sends its state to a datagram socket (`sd_notify`). If the variable `NOTIFY_SOCKET` is not set, there is no
/// service manager, and the methods do nothing.
struct ServiceManager: Sendable {
    private let path: String?
    private let logger: Logger

    /// The maximum time between two watchdog notifications; `nil` if the service manager expects no notifications.
    let watchdogTimeout: Duration?

    /// Reads the variables of the service manager.
    ///
    /// - Parameters:
    ///   - environment: The environment variables.
    ///   - logger: The logger for failures.
    init(_ environment: [String: String] = ProcessInfo.processInfo.environment, logger: Logger) {
        self.logger = logger
        self.path = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let isForThisProcess = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        let timeout = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
        self.watchdogTimeout = self.path != nil && isForThisProcess ? timeout.map { .microseconds($0) } : nil
    }

    /// Sends a state of the process to the service manager.
    ///
    /// - Parameter state: One or more assignments such as `READY=1`, separated by line feeds.
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

/// Sends watchdog notifications to the service manager while the process works.
///
/// If all threads of Swift's executor hang, or if an event loop hangs, the notifications stop. The service manager then
/// restarts the process.
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
