// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The machine on which the figures were measured.
struct Machine: Encodable {
    var cores: Int
    var processor: String
    var redis: String
    /// The load average of the minute before the run, which shows other work on the machine.
    var loadBefore: Double

    static func current() async -> Self {
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
            .split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":").last
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").first
        let version = try? await Subprocess.run(
            .name("redis-server"),
            arguments: ["--version"],
            output: .string(limit: 4096)
        )
        let words = version?.standardOutput.split(separator: " ") ?? []
        return Self(
            cores: ProcessInfo.processInfo.activeProcessorCount,
            processor: processor?.trimmingCharacters(in: .whitespaces) ?? "unknown",
            redis: words.first { $0.hasPrefix("v=") }.map { String($0.dropFirst(2)) } ?? "unknown",
            loadBefore: load.flatMap { Double($0) } ?? 0
        )
    }

    var line: String {
        "\(self.cores) cores, \(self.processor), redis \(self.redis), load before \(self.loadBefore)"
    }
}

/// The CPU time of the whole machine, and of this program with its children, in seconds.
struct ProcessorUse {
    var machine: Double
    var own: Double
    var time = ContinuousClock.now

    /// Returns the current CPU time, plus the CPU time of a running server.
    static func current(server: Double) -> Self {
        let words =
            (try? String(contentsOfFile: "/proc/stat", encoding: .utf8))?
            .split(separator: "\n").first?
            .split(separator: " ").dropFirst().compactMap { Double($0) } ?? []
        // The fields are user, nice and system time, then idle time and I/O wait, then interrupts.
        let ticks = words.prefix(3).reduce(0, +) + words.dropFirst(5).prefix(2).reduce(0, +)
        var own = server
        for who in [RUSAGE_SELF, RUSAGE_CHILDREN] {
            var usage = rusage()
            getrusage(__rusage_who_t(who.rawValue), &usage)
            own += Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            own += Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        }
        return Self(machine: ticks / Double(sysconf(Int32(_SC_CLK_TCK))), own: own)
    }

    /// Returns the average number of cores that other programs used until a later time.
    func foreignCores(until later: Self) -> Double {
        let foreign = (later.machine - self.machine) - (later.own - self.own)
        return max(0, foreign / self.time.duration(to: later.time).seconds)
    }
}
