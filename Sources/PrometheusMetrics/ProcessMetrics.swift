// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// The process metrics of the usual Prometheus client libraries.
///
/// The start time is always available. The other values come from `/proc`, and are omitted on systems without `/proc`.
package struct ProcessMetrics: Sendable {
    private let start: Date

    /// Creates the metrics.
    ///
    /// - Parameter start: The start time of the process.
    package init(start: Date = Date()) { self.start = start }

    /// The current values in the text format of Prometheus.
    package var text: String {
        var lines = ""
        let start = self.start.timeIntervalSince1970
        Self.add("start_time_seconds", "gauge", "Start of the process since 1970", start, to: &lines)
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            Self.add("open_fds", "gauge", "Open file descriptors", Double(descriptors.count), to: &lines)
        }
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8) else { return lines }
        // The name of the program is in parentheses, and may contain spaces.
        let fields = stat.suffix(from: stat.lastIndex(of: ")") ?? stat.startIndex).split(separator: " ")
        guard fields.count > 22, let user = Double(fields[12]), let system = Double(fields[13]),
            let pages = Double(fields[22])
        else { return lines }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        Self.add("cpu_seconds_total", "counter", "CPU time of the process", (user + system) / ticks, to: &lines)
        let bytes = pages * Double(sysconf(Int32(_SC_PAGESIZE)))
        Self.add("resident_memory_bytes", "gauge", "Resident memory of the process", bytes, to: &lines)
        return lines
    }

    private static func add(_ name: String, _ type: String, _ help: String, _ value: Double, to lines: inout String) {
        let name = "process_\(name)"
        lines += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(name) \(PrometheusName.number(value))\n"
    }
}
