import Hiredis
import OTP
import Testing

@testable import OTPRedis

/// What the store makes of replies that a script does not give.
@Suite struct RedisFailureTests {
    /// What a hostile server may put into a reply is an error, and never traps later in a sum.
    @Test(arguments: [
        [RedisReply.integer(0), .integer(.min), .integer(.max), .integer(.max), .integer(5)],
        [.integer(0), .integer(0), .integer(1 << 48), .integer(0), .integer(5)],
        [.integer(0), .integer(0), .integer(0), .integer(0), .integer(.min)],
        [.integer(1), .integer(0), .integer(2), .integer(.min), .integer(5)],
        [.integer(1), .integer(0), .integer(2), .integer(9), .integer(5)],
        [.integer(1), .integer(0), .integer(9), .integer(1), .integer(5)],
        [.integer(1), .integer(0), .integer(1), .integer(1), .integer(.max)],
        [.integer(0), .bulk([1])], [.integer(0)], [], [.null],
    ])
    func repliesOfAnotherShapeAreErrors(fields: [RedisReply]) {
        #expect(throws: RedisError.self) {
            var reply = try ScriptReply(.array(fields))
            switch try reply.integer() {
            case 0: _ = try reply.admission()
            default: _ = try reply.refusal(NumberLimits()) { refusal, _ in refusal }
            }
        }
    }
}
