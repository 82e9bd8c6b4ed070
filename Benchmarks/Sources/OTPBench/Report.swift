// SPDX-License-Identifier: Apache-2.0

/// The result of the comparison with `redis-benchmark`.
struct Report: Figures {
    var machine: Machine
    var rounds: Int
    var depths: [Int]
    var figures: [String: Double]

    /// Creates a report, with short names for frequently used figures.
    init(machine: Machine, rounds: Int, depths: [Int], samples: Samples) {
        self.machine = machine
        self.rounds = rounds
        self.depths = depths
        self.figures = samples.medians
        self.figures["rounds"] = Double(rounds)
        for depth in depths { self.figures["p99Ratio\(depth)"] = samples["verifyP99Ratio\(depth)"] }
        self.figures["commandsPerWrite64"] = samples["verifyCommandsPerWrite64"]
    }

    /// The figures as a table.
    var table: String {
        var lines = [self.machine.line, "medians of \(self.rounds) rounds; ratios are taken within each round"]
        lines.append("others kept \(self.text("foreignCores", 2)) cores busy meanwhile")
        lines.append("")
        let columns: [(title: String, width: Int, digits: Int, name: (String) -> String)] = [
            ("ops/s", 10, 0, { "\($0)PerSecond" }),
            ("rb ops/s", 10, 0, { "\($0)PeerPerSecond" }),
            ("ratio", 7, 2, { "\($0)Ratio" }),
            ("p50 us", 8, 0, { "\($0)P50Microseconds" }),
            ("rb p50", 8, 0, { "\($0)PeerP50Microseconds" }),
            ("ratio", 7, 2, { "\($0)P50Ratio" }),
            ("p99 us", 8, 0, { "\($0)P99Microseconds" }),
            ("rb p99", 8, 0, { "\($0)PeerP99Microseconds" }),
            ("ratio", 7, 2, { "\($0)P99Ratio" }),
            ("client us", 10, 1, { "\($0)ClientMicroseconds" }),
            ("server us", 10, 1, { "\($0)ServerMicroseconds" }),
            ("with rb", 8, 1, { "\($0)PeerServerMicroseconds" }),
            ("cmds/write", 11, 1, { "\($0)CommandsPerWrite" }),
            ("pool", 10, 0, { "\($0)PoolPerSecond" }),
            ("ratio", 7, 2, { "\($0)PoolRatio" }),
        ]
        lines.append(pad("tasks", 12) + columns.map { pad($0.title, $0.width, right: true) }.joined())
        for operation in ["verify", "issue"] {
            for depth in self.depths {
                let cells = columns.map { column in
                    let value = self.figures["\(column.name(operation))\(depth)"]
                    return pad(value.map { format($0, column.digits) } ?? "-", column.width, right: true)
                }
                lines.append(pad("\(operation) \(depth)", 12) + cells.joined())
            }
        }
        lines.append("")
        lines.append("used_memory per live challenge: \(self.text("bytesPerChallenge", 1)) bytes")
        if self.figures["tlsRatio64"] != nil {
            lines.append(
                "verify over TLS at 64 tasks: \(self.text("tlsPerSecond64", 0)) ops/s, "
                    + "\(self.text("tlsRatio64", 2)) of that without"
            )
        }
        return lines.joined(separator: "\n")
    }

    private func text(_ name: String, _ digits: Int) -> String {
        self.figures[name].map { format($0, digits) } ?? "-"
    }
}
