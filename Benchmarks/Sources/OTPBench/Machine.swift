import Foundation
import Subprocess

/// Where the figures come from: without it they mean little.
struct Machine: Encodable {
    var cores: Int
    var processor: String
    var redis: String
    /// The load average of the last minute before the run, from which other work on the machine shows.
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
