import Hiredis
import OTP
import Testing

@testable import OTPRedis

/// What the store makes of replies that a script does not give.
@Suite struct RedisFailureTests {
    /// What a hostile server may put into a reply is an error, and never traps later in a sum.
    @Test(arguments: [
        RedisReply.bulk([0] + [UInt8](repeating: 255, count: 18)),
        .bulk([1] + [0, 0, 0, 0, 0, 0] + [2, 9] + [0, 0, 0, 0, 0, 1]),
        .bulk([1] + [0, 0, 0, 0, 0, 0] + [9, 1] + [0, 0, 0, 0, 0, 1]),
        .bulk([1] + [0, 0, 0, 0, 0, 0] + [2, 0] + [0, 0, 0, 0, 0, 1]),
        .bulk([1] + [0, 0, 0, 0, 0, 0] + [1, 1] + [0, 0]),
        .bulk([7, 200, 1]), .bulk([0]), .bulk([]), .integer(0), .array([.integer(0)]), .null, .status("OK"),
    ])
    func repliesOfAnotherShapeAreErrors(reply: RedisReply) {
        #expect(throws: RedisError.self) {
            var reply = try ScriptReply(reply)
            switch try reply.byte() {
            case 0: _ = try reply.admission()
            case 7: _ = try reply.code()
            default: _ = try reply.refusal(StoreLimits()) { refusal, _ in refusal }
            }
        }
    }
}
