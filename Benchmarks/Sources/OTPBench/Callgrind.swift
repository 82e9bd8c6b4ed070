// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage

/// Counts the instructions of programs with valgrind, independently of other processes and of any clock.
struct Callgrind {
    /// The folder for the profiles.
    let folder: FilePath

    /// Runs a closure with a folder for profiles, and deletes the folder unless the caller chose its path.
    static func run<Result>(keep: String?, _ body: (Callgrind) async throws -> Result) async throws -> Result {
        do {
            _ = try await Executable.name("valgrind").resolveExecutablePath(in: .inherit)
        } catch {
            throw BenchError("valgrind is not on PATH; install it with: sudo apt-get install valgrind")
        }
        let folder = keep ?? "/tmp/otp-bench-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { if keep == nil { try? FileManager.default.removeItem(atPath: folder) } }
        return try await body(Callgrind(folder: FilePath(folder)))
    }

    /// Returns the command line that runs a program under callgrind.
    func tool(_ name: String) -> [String] {
        ["valgrind", "--tool=callgrind", "--quiet", "--callgrind-out-file=\(self.folder)/callgrind.\(name)"]
    }

    /// Returns the number of instructions of a program that has ended.
    func instructions(_ name: String) throws -> Int {
        let text = try String(contentsOfFile: "\(self.folder)/callgrind.\(name)", encoding: .utf8)
        for line in text.split(separator: "\n").reversed() where line.hasPrefix("totals:") || line.hasPrefix("summary:")
        {
            if let count = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) { return count }
        }
        throw BenchError("callgrind wrote no total for \(name)")
    }

    /// Returns the number of instructions in functions whose name contains a text, without the functions that they call.
    func instructions(_ name: String, within part: String) throws -> Int {
        let text = try String(contentsOfFile: "\(self.folder)/callgrind.\(name)", encoding: .utf8)
        // A profile contains each name once, with a number that later lines use instead.
        var wanted: Set<Substring> = []
        var isWanted = false
        var followsCall = false
        var sum = 0
        for line in text.split(separator: "\n") {
            if line.hasPrefix("fn=") || line.hasPrefix("cfn=") {
                let number = line.prefix { $0 != ")" }.drop { $0 != "(" }
                if line.contains(part) { wanted.insert(number) }
                if line.hasPrefix("fn=") { isWanted = wanted.contains(number) }
            } else if line.hasPrefix("calls=") {
                followsCall = true
            } else if line.first?.isNumber == true || "+-*".contains(line.first ?? " ") {
                if isWanted, !followsCall { sum += line.split(separator: " ").last.flatMap { Int($0) } ?? 0 }
                followsCall = false
            }
        }
        return sum
    }
}
