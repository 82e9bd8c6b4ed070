// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Returns whether a process exists and is not a zombie.
func isAlive(_ processID: Int32) -> Bool {
    #if os(Linux)
        guard processID > 0, let status = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else {
            return false
        }
        return status.split(separator: ")").last?.hasPrefix(" Z") == false
    #else
        // Without /proc, a zombie cannot be detected.
        return processID > 0 && kill(processID, 0) == 0
    #endif
}

/// A shell that supervises a `redis-server`.
///
/// The shell reads orders from a pipe to which this process writes. When the pipe is closed, or when this process dies, the
/// shell kills the server and deletes the server's folder.
package struct PrivateRedisSupervisor: Sendable {
    package let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    /// Returns a random path for the folder of the server's files.
    ///
    /// The method does not create the folder.
    ///
    /// - Parameter environment: The environment variables. The parent folder is the value of `TMPDIR`, or `/tmp` without this
    ///   variable.
    /// - Returns: The absolute path.
    package static func newFolder(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        var parent = environment["TMPDIR"] ?? ""
        while parent.hasSuffix("/") { parent.removeLast() }
        if parent.isEmpty { parent = "/tmp" }
        // The path must be absolute, because the server changes its working directory.
        if !parent.hasPrefix("/") { parent = FileManager.default.currentDirectoryPath + "/" + parent }
        return "\(parent)/private-redis-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// Checks that the socket path fits into a socket address.
    ///
    /// The check is necessary because a server silently truncates a longer path.
    ///
    /// - Throws: ``PrivateRedisError`` if the path is too long.
    func checkSocketPath() throws(PrivateRedisError) {
        let surplus = self.socketPath.utf8.count - Self.longestSocketPath
        guard surplus > 0 else { return }
        throw PrivateRedisError(
            description: "\(self.folder) is \(surplus) bytes too long for a socket path: set TMPDIR to a shorter folder"
        )
    }

    /// The maximum length of the path in a socket address, without the terminating zero byte.
    private static let longestSocketPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    package var socketPath: String { "\(self.folder)/redis.sock" }

    /// The process ID of the server; `nil` while the server is stopped.
    package var processID: Int32? {
        guard let text = try? String(contentsOfFile: "\(self.folder)/pid", encoding: .utf8) else { return nil }
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The last lines of the server's log.
    var lastLogLines: String {
        let log = (try? String(contentsOfFile: "\(self.folder)/log", encoding: .utf8)) ?? ""
        return log.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    /// Returns the arguments for `/bin/sh`.
    package func shellArguments(port: Int?, _ arguments: [String]) -> [String] {
        let listen = ["--unixsocket", self.socketPath, "--bind", "127.0.0.1", "--port", String(port ?? 0)]
        let memoryOnly = ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir", self.folder]
        // The server needs a configuration file, because Sentinel rewrites this file.
        let file = "\(self.folder)/redis.conf"
        return ["-c", Self.script, "private-redis", self.folder, file] + listen + memoryOnly + arguments
    }

    private static let script = """
        folder=$1
        shift
        server=
        start() {
            redis-server "$@" </dev/null >>"$folder/log" 2>&1 &
            server=$!
            echo "$server" >"$folder/pid.new" && mv "$folder/pid.new" "$folder/pid" || give_up
        }
        stop() {
            if [ -n "$server" ]; then
                kill -KILL "$server"
                wait "$server"
                server=
            fi 2>/dev/null
            rm -f "$folder/pid" "$folder/redis.sock"
        }
        give_up() {
            stop
            rm -rf "$folder"
            exit 1
        }
        # A signal interrupts the read only, so that it cannot interrupt the cleanup.
        trap : HUP INT TERM
        umask 077
        mkdir "$folder" || exit 1
        true >"$1" || give_up
        start "$@"
        while read -r order; do
            case $order in
                start) start "$@" ;;
                stop) stop ;;
            esac
        done
        trap '' HUP INT TERM
        stop
        rm -rf "$folder"
        """
}
