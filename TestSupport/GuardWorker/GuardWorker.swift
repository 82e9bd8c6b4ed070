// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import NIOCore
import OTP
import OTPEnvironment
import OTPRedis
import SMSKit
import SendGuard
import Synchronization

/// A process that requests sends from the guard, together with other processes of the same service.
///
/// The process reads the same environment variables as `otp`. It prints `ready` after its first 100 admitted sends, and
/// `refused` after 100 refused sends in a row. At the end of standard input, it prints three numbers:
///
/// 1. The number of admitted sends.
/// 2. The start of the last admitted decision.
/// 3. The start of the last refused decision.
///
/// Both times are in nanoseconds of the machine's monotonic clock.
@main struct GuardWorker {
    private struct State: Sendable {
        var admitted = 0
        var refusedInARow = 0
        var lastAdmitted: UInt64 = 0
        var lastRefused: UInt64 = 0
        var isEnding = false
    }

    private static let state = Mutex(State())

    static func main() async throws {
        let settings = OTPSettings(environment: ProcessInfo.processInfo.environment)
        let ledger = RedisSendLedger(client: RedisClient(configuration: try settings.redis))
        // Without circuit breakers, only a lockdown rejects sends.
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init())
        policy.tenantBudget = .init()
        policy.rules.removeAll { $0.name.measure != .lockdown }
        let sendGuard = try SMSGuard(policy: policy, ledger: ledger, hash: try settings.keys.scopeHash)
        // A separate thread, because `readLine` blocks.
        Thread.detachNewThread {
            while readLine() != nil {}
            Self.state.withLock { $0.isEnding = true }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    // The last send begins after the end of standard input, so that even a slow worker makes a decision after
                    // that time.
                    var isLast: Bool
                    repeat {
                        isLast = Self.state.withLock { $0.isEnding }
                        try await Self.send(sendGuard)
                    } while !isLast
                }
            }
            try await group.waitForAll()
        }
        let state = Self.state.withLock { $0 }
        self.tell("\(state.admitted) \(state.lastAdmitted) \(state.lastRefused)")
        await ledger.shutdown()
    }

    private static func send(_ sendGuard: SMSGuard) async throws {
        let number = try PhoneNumber("+65 9\(Int.random(in: 1_000_000...9_999_999))")
        let source = SourceAddress(bytes: (0..<4).map { _ in UInt8.random(in: .min ... .max) })
        let request = SendRequest(number: number, tenant: "acme", purpose: "registration", source: source)
        let start = NIODeadline.now().uptimeNanoseconds
        let decision = try await sendGuard.reserve(request)
        self.state.withLock { state in
            if decision.outcome == .allow {
                state.admitted += 1
                state.refusedInARow = 0
                state.lastAdmitted = max(state.lastAdmitted, start)
                if state.admitted == 100 { self.tell("ready") }
            } else {
                state.refusedInARow += 1
                state.lastRefused = max(state.lastRefused, start)
                if state.refusedInARow == 100 { self.tell("refused") }
            }
        }
    }

    /// Writes a line immediately.
    ///
    /// `print` would buffer the line in a pipe. Flushing all streams would wait for `readLine`.
    private static func tell(_ line: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
    }
}
