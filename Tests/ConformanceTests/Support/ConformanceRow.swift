// SPDX-License-Identifier: Apache-2.0

/// A known attack or fault, as a row of the conformance table.
struct ConformanceRow: Sendable {
    /// The name of the row, such as `CT-05` for a kind of flaw, or `T5` for an incident in another product.
    let name: String

    /// The attack or the fault, as described in the conformance table.
    let attack: String

    /// The tests of the attack over HTTP.
    var http: HTTPTests

    /// Whether this test target contains a test of the row.
    ///
    /// If not, the first test over HTTP is the test of the row.
    var isTested = true

    private init(_ name: String, _ attack: String, _ http: HTTPTests = .table(), isTested: Bool = true) {
        self.name = name
        self.attack = attack
        self.http = http
        self.isTested = isTested
    }

    /// All rows, in the order of the conformance table.
    static let all = Self.codes + Self.guessing + Self.sending + Self.surroundings + Self.incidents

    private static let codes = [
        Self(
            "CT-01",
            "Predicting codes from a biased or truncated range",
            .remark("not needed, because no request changes how codes are drawn")
        ),
        Self(
            "CT-02",
            "Guessing short codes",
            .remark("not needed, because the settings are checked before the service starts")
        ),
        Self("CT-03", "Using a code that is valid for too long"),
        Self("CT-04", "Using a code a second time"),
        Self("CT-05", "Using a code twice at the same moment"),
        Self("CT-06", "Requesting messages in quick succession"),
    ]

    private static let guessing = [
        Self("CT-07", "Guessing without a limit"),
        Self("CT-08", "Guessing from many addresses and sessions"),
        Self("CT-09", "Guessing one code for many numbers"),
        Self("CT-10", "Guessing concurrently, before an attempt is counted"),
        Self("CT-11", "Resetting the counters by a resend or a sign-in"),
        Self("CT-12", "Trying one guess against several live codes"),
        Self(
            "CT-13",
            "Using a code for another purpose, number, challenge, tenant or context",
            .table(and: "OTPServerTests/RouteTests/tenantsAreSeparate")
        ),
        Self("CT-14", "Reading codes from a stolen store"),
        Self("CT-15", "Reading phone numbers from a stolen store"),
        Self("CT-16", "Locking the owner of a number out"),
        Self(
            "CT-17",
            "Finding out the state of a number or challenge from errors",
            .table(and: "OTPServerTests/UniformityTests", "OTPServerTests/UniformWorkTests")
        ),
        Self(
            "CT-18",
            "Reading codes from results, logs and audit events",
            .table(and: "OTPServerTests/SecretTests")
        ),
    ]

    private static let sending = [
        Self(
            "CT-19",
            "Escaping limits without a client address",
            .table(and: "OTPServerTests/ProxyTests")
        ),
        Self(
            "CT-20",
            "Spelling a number in many ways, or several numbers in one field",
            .table(and: "OTPServerTests/AttackTests/spellingsShareTheLimits")
        ),
        Self("CT-21", "Pumping messages to consecutive numbers"),
        Self("CT-22", "Spending without a budget"),
        Self("CT-23", "Escaping limits while the store is down"),
        Self("CT-24", "Losing counters by eviction, and keeping data forever"),
        Self("CT-25", "Sending a message twice by a retry or a failover"),
        Self("CT-26", "Using a test code in production"),
        Self("CT-27", "Escaping limits by calling another process"),
    ]

    private static let surroundings = [
        Self(
            "CT-28",
            "Forging delivery reports and webhooks",
            .remark("the test sends its reports over HTTP", and: "OTPServerTests/DeliveryReportRouteTests")
        ),
        Self("CT-29", "Escaping limits by a key rotation, and losing live codes"),
        Self(
            "CT-30",
            "Messages that help a fraudster, or whose code a browser cannot fill in",
            .remark("not needed, because no request changes the texts")
        ),
    ]

    private static let incidents = [
        Self("T1", "Attempts counted by a read and a later write; two different contexts that become the same text"),
        Self("T2", "A right code accepted again, concurrently or shortly afterwards"),
        Self("T3", "A limit lost by a restart; an attempt undone by a cancelled request"),
        Self("T4", "A code that survives the limit of its attempts"),
        Self("T5", "Limits in the sending process only; codes without an expiry"),
        Self("T6", "A route without a limit", .only("OTPServerTests/RouteLimitTests"), isTested: false),
        Self("T7", "A second entry point without the limits of the first"),
        Self(
            "T8",
            "Empty or malformed input that is accepted if no code is stored",
            .table(and: "OTPServerTests/BodyTests")
        ),
        Self("T9", "A proof that is not bound to a number, purpose or tenant"),
        Self(
            "T10",
            "A step after the verification that trusts the client",
            .table(and: "DemoPageTests/NumberChangeTests/claimsOfTheClientHaveNoEffect")
        ),
        Self(
            "T11",
            "An unverified number that selects an account",
            .only("DemoPageTests/NumberChangeTests"),
            isTested: false
        ),
        Self(
            "T12",
            "Another form of a client address that escapes the limits of the address",
            .table(and: "OTPServerTests/ProxyTests")
        ),
        Self("T13", "A message, a code and a record with different lifetimes"),
        Self("T14", "10,000 messages from as many addresses to as many numbers"),
        Self("T15", "Wrong codes that are not counted for their address"),
        Self("T16", "Secrets in logs, errors and metrics", .table(and: "OTPServerTests/SecretTests")),
        Self("T17", "A stranger who ends the code of the owner"),
        Self("T18", "An earlier code, or a token used for another purpose, that still works"),
        Self("T19", "A locked number that still gets messages"),
        Self(
            "T20",
            "A predictable random generator, and lost leading zeros",
            .remark("not needed, because no request changes how codes are drawn")
        ),
        Self(
            "T21",
            "A development inbox that any web page can read",
            .remark("all requests of the test are HTTP requests", and: "AlibabaSMSEmulatorTests/AccessTests")
        ),
        Self("T22", "A repeated request that sends again", .table(and: "OTPServerTests/IdempotencyTests")),
    ]
}
