import Foundation

/// The shell that stands between this process and its `redis-server`.
///
/// It reads orders from its standard input, which is a pipe of ours. When the pipe closes, by intention or because this process died, it
/// kills the server and removes the folder.
package struct PrivateRedisSupervisor: Sendable {
    package let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    /// A name that nothing has yet; short, because the path of a socket has at most 107 bytes.
    package static func newFolder() -> String {
        "/tmp/private-redis-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    package var socketPath: String { "\(self.folder)/redis.sock" }

    /// The process of the server, while there is one.
    package var processID: Int32? {
        guard let text = try? String(contentsOfFile: "\(self.folder)/pid", encoding: .utf8) else { return nil }
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Whether the server has ended by itself; it stays a zombie, because its shell is reading.
    var hasEnded: Bool {
        guard let processID = self.processID, processID > 0 else { return false }
        let status = (try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8)) ?? ") Z"
        return status.split(separator: ")").last?.hasPrefix(" Z") == true
    }

    /// What the server said last.
    var lastWords: String {
        let log = (try? String(contentsOfFile: "\(self.folder)/log", encoding: .utf8)) ?? ""
        return log.split(separator: "\n").suffix(5).joined(separator: " ")
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
            echo "$server" >"$folder/pid.new"
            mv "$folder/pid.new" "$folder/pid"
        }
        stop() {
            if [ -n "$server" ]; then
                kill -KILL "$server"
                wait "$server"
                server=
            fi 2>/dev/null
            rm -f "$folder/pid" "$folder/redis.sock"
        }
        # A signal only ends the reading, so that nothing can cut the removal short.
        trap : HUP INT TERM
        umask 077
        mkdir "$folder" || exit 1
        : >"$1"
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
