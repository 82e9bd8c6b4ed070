import CHiredis
import NIOCore

/// Turns the bytes of a server into replies, with the parser of hiredis.
///
/// After an error it is of no more use: what follows in the stream cannot be told apart.
@safe struct ReplyReader: ~Copyable {
    // Safe: both are made in `init`, belong to this value alone, and are freed once, in `deinit`, the reader before its
    // guard.
    private let reader: UnsafeMutablePointer<redisReader>
    private let `guard`: UnsafeMutablePointer<CHiredisGuard>
    private let limits: RedisConfiguration.Limits

    /// Creates a reader at the beginning of a stream.
    init(limits: RedisConfiguration.Limits) throws(RedisError) {
        guard let reader = unsafe redisReaderCreate() else { throw .outOfMemory }
        unsafe self.reader = reader
        unsafe self.guard = .allocate(capacity: 1)
        self.limits = limits
        unsafe self.guard.initialize(to: CHiredisGuard())
        unsafe self.guard.pointee.maximumStringLength = max(0, limits.bulkLength)
        unsafe self.guard.pointee.maximumElements = max(0, limits.arrayElements)
        unsafe self.guard.pointee.maximumDepth = max(0, limits.nesting)
        unsafe self.guard.pointee.maximumReplyLength = max(0, limits.replyLength)
        unsafe CHiredisGuard_install(self.guard, reader)
    }

    deinit {
        unsafe redisReaderFree(self.reader)
        unsafe self.guard.deallocate()
    }

    /// Takes in what was read from the connection.
    mutating func feed(_ bytes: ByteBuffer) throws(RedisError) {
        let status = unsafe bytes.withUnsafeReadableBytes { bytes in
            // hiredis copies the bytes before the call returns.
            unsafe redisReaderFeed(self.reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard status == REDIS_OK else { throw self.violation() }
    }

    /// Whether anything was taken in that no call of ``next()`` has looked at to the end.
    var hasUnparsedBytes: Bool {
        unsafe self.reader.pointee.pos < self.reader.pointee.len
    }

    /// Takes out the next reply, or answers `nil` if it is not complete yet.
    mutating func next() throws(RedisError) -> RedisReply? {
        var reply: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(self.reader, &reply) == REDIS_OK else { throw self.violation() }
        guard let reply = unsafe reply else {
            let unparsed = unsafe self.reader.pointee.len - self.reader.pointee.pos
            guard unparsed <= self.limits.replyLength else { throw Self.limitExceeded }
            return nil
        }
        defer { unsafe freeReplyObject(reply) }
        return try unsafe Self.copy(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private static let limitExceeded = RedisError(
        code: .protocolViolation,
        message: "The server's reply exceeds the limits."
    )

    private func violation() -> RedisError {
        if unsafe self.guard.pointee.exceeded { return Self.limitExceeded }
        return RedisError(code: .protocolViolation, message: "The server sent what is not a reply.")
    }

    /// Copies a reply out of C; the guard bounds how deep it nests.
    private static func copy(_ reply: redisReply) throws(RedisError) -> RedisReply {
        switch unsafe reply.type {
        case REDIS_REPLY_INTEGER: return unsafe .integer(reply.integer)
        case REDIS_REPLY_STRING: return unsafe .bulk(Array(Self.bytes(of: reply)))
        case REDIS_REPLY_STATUS: return unsafe .status(String(decoding: Self.bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: return unsafe .error(String(decoding: Self.bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_ARRAY:
            var elements: [RedisReply] = []
            unsafe elements.reserveCapacity(reply.elements)
            for index in unsafe 0..<reply.elements {
                guard let element = unsafe reply.element?[index] else { throw Self.unknownType }
                elements.append(try unsafe Self.copy(element.pointee))
            }
            return .array(elements)
        default:
            // The types of RESP3, which no server may send unless asked.
            throw Self.unknownType
        }
    }

    private static let unknownType = RedisError(
        code: .protocolViolation,
        message: "The server sent a reply of an unknown type."
    )

    private static func bytes(of reply: redisReply) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: reply.str, count: reply.len)
    }
}
