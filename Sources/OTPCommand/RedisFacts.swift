import Hiredis
import NIOPosix

/// Does some work with a client of its own, and closes it.
func withRedis<Result: Sendable>(
    _ configuration: RedisConfiguration,
    _ work: (RedisClient) async throws -> Result
) async throws -> Result {
    let client = RedisClient(
        configuration: configuration,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next()
    )
    let result = await asyncResult { try await work(client) }
    await client.shutdown()
    return try result.get()
}

/// What a server tells of itself with `INFO`.
struct RedisFacts: Sendable {
    private let fields: [String: String]

    init(_ client: RedisClient) async throws {
        guard case .bulk(let bytes) = try await client.send("INFO") else {
            self.fields = [:]
            return
        }
        let pairs = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .compactMap { line -> (String, String)? in
                let halves = line.split(separator: ":", maxSplits: 1)
                return halves.count == 2 ? (String(halves[0]), String(halves[1])) : nil
            }
        self.fields = Dictionary(pairs) { _, last in last }
    }

    var version: String? { self.fields["redis_version"] }

    var evictionPolicy: String? { self.fields["maxmemory_policy"] }
}
