// SPDX-License-Identifier: Apache-2.0

import CHiredis
import NIOCore

/// A parser of replies, based on hiredis.
///
/// After an error, the parser must not be used again, because the position of the next reply is unknown.
@safe struct ReplyReader: ~Copyable {
    // Safe: `init` allocates both pointers, and this value is the only owner. `deinit` frees each pointer once, first the
    // reader and then its guard.
    private let reader: UnsafeMutablePointer<redisReader>
    private let `guard`: UnsafeMutablePointer<CHiredisGuard>
    private let limits: RedisConfiguration.Limits
    private let server: String

    /// Creates a parser for a new stream.
    ///
    /// - Parameters:
    ///   - limits: The limits on the size of replies.
    ///   - server: The name by which errors refer to the server.
    /// - Throws: ``RedisError/Code/connectionFailed`` if there is not enough memory.
    init(limits: RedisConfiguration.Limits, server: String = "the server") throws(RedisError) {
        guard let reader = unsafe redisReaderCreate() else { throw .outOfMemory }
        unsafe self.reader = reader
        unsafe self.guard = .allocate(capacity: 1)
        self.limits = limits
        self.server = server
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

    /// Appends bytes from the stream.
    mutating func feed(_ bytes: ByteBuffer) throws(RedisError) {
        let status = unsafe bytes.withUnsafeReadableBytes { bytes in
            // hiredis copies the bytes, and does not use the pointer after the call.
            unsafe redisReaderFeed(self.reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard status == REDIS_OK else { throw self.violation() }
    }

    /// Whether the parser has bytes that ``next()`` has not consumed.
    var hasUnparsedBytes: Bool {
        unsafe self.reader.pointee.pos < self.reader.pointee.len
    }

    /// Returns the next reply; `nil` if the reply is incomplete.
    mutating func next() throws(RedisError) -> RedisReply? {
        var reply: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(self.reader, &reply) == REDIS_OK else { throw self.violation() }
        guard let reply = unsafe reply else {
            let unparsed = unsafe self.reader.pointee.len - self.reader.pointee.pos
            guard unparsed <= self.limits.replyLength else { throw self.limitExceeded }
            return nil
        }
        defer { unsafe freeReplyObject(reply) }
        return try unsafe self.copy(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private var limitExceeded: RedisError {
        RedisError(code: .protocolViolation, message: "a reply of \(self.server) exceeds the limits")
    }

    private func violation() -> RedisError {
        if unsafe self.guard.pointee.exceeded { return self.limitExceeded }
        return RedisError(code: .protocolViolation, message: "\(self.server) sent bytes that are not a reply")
    }

    /// Converts a reply of the C library to a Swift value.
    ///
    /// The recursion cannot overflow the stack, because the parser rejects replies that are nested too deeply.
    private func copy(_ reply: redisReply) throws(RedisError) -> RedisReply {
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
                guard let element = unsafe reply.element?[index] else { throw self.unknownType }
                elements.append(try unsafe self.copy(element.pointee))
            }
            return .array(elements)
        default:
            // Other types exist only in RESP3, which a client must enable with HELLO 3.
            throw self.unknownType
        }
    }

    private var unknownType: RedisError {
        RedisError(code: .protocolViolation, message: "\(self.server) sent a reply of an unknown type")
    }

    private static func bytes(of reply: redisReply) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: reply.str, count: reply.len)
    }
}
