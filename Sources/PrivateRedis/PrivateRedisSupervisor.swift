import Foundation

/// Whether a process exists and is no zombie: the parent of a process that has ended may not have collected it yet.
func isAlive(_ processID: Int32) -> Bool {
    guard processID > 0, let status = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else {
        return false
    }
    return status.split(separator: ")").last?.hasPrefix(" Z") == false
}

/// The shell that stands between this process and its `redis-server`.
///
/// It reads orders from its standard input, which is a pipe of ours. When the pipe closes, by intention or because this process died, it
/// kills the server and removes the folder.
package struct PrivateRedisSupervisor: Sendable {
    package let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    /// Returns the path of a folder that does not exist yet; short, because the path of a socket is.
    ///
    /// - Parameter environment: The environment, whose `TMPDIR` names the parent folder.
    /// - Returns: The path, which is absolute.
    package static func newFolder(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        var parent = environment["TMPDIR"] ?? ""
        while parent.hasSuffix("/") { parent.removeLast() }
        if parent.isEmpty { parent = "/tmp" }
        // The server leaves our working directory.
        if !parent.hasPrefix("/") { parent = FileManager.default.currentDirectoryPath + "/" + parent }
        return "\(parent)/private-redis-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// Refuses a path that does not fit into the address of a socket, which a server would cut off silently.
    ///
    /// - Throws: ``PrivateRedisError``.
    func checkSocketPath() throws(PrivateRedisError) {
        let surplus = self.socketPath.utf8.count - Self.longestSocketPath
        guard surplus > 0 else { return }
        throw PrivateRedisError(
            description: "\(self.folder) is too long for a socket by \(surplus) bytes: set TMPDIR to a shorter folder"
        )
    }

    /// The bytes of an address less the zero byte at the end.
    private static let longestSocketPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    package var socketPath: String { "\(self.folder)/redis.sock" }

    /// The process of the server, while there is one.
    package var processID: Int32? {
        guard let text = try? String(contentsOfFile: "\(self.folder)/pid", encoding: .utf8) else { return nil }
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// What the server said last.
    var lastWords: String {
        let log = (try? String(contentsOfFile: "\(self.folder)/log", encoding: .utf8)) ?? ""
        return log.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    /// What `/bin/sh` is to be called with.
    package func shellArguments(port: Int?, _ arguments: [String]) -> [String] {
        let listen = ["--unixsocket", self.socketPath, "--bind", "127.0.0.1", "--port", String(port ?? 0)]
        let memoryOnly = ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir", self.folder]
        // Sentinels, and the servers that they reconfigure, write down what they are.
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
        # A signal only ends the reading, so that nothing can cut the removal short.
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
