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
        Self("CT-16", "Locking out the owner of a number"),
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
            "Escaping limits by requests without a client address",
            .table(and: "OTPServerTests/ProxyTests")
        ),
        Self(
            "CT-20",
            "Using many spellings of one number, or several numbers in one field",
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
        Self("CT-29", "Escaping limits or losing live codes by a key rotation"),
        Self(
            "CT-30",
            "Sending messages that help a fraudster, or whose code a browser cannot fill in",
            .remark("not needed, because no request changes the texts")
        ),
    ]

    private static let incidents = [
        Self(
            "T1",
            "Attempts that are counted by separate reads and writes; different contexts that are encoded as the same text"
        ),
        Self("T2", "A right code that is accepted again, at the same moment or shortly afterwards"),
        Self("T3", "A limit that a restart resets; an attempt that is not counted if its request is cancelled"),
        Self("T4", "A code that stays valid after its last allowed attempt"),
        Self("T5", "Limits that apply only in the process that sends the messages; codes that do not expire"),
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
            "A step that trusts the client instead of checking the verification",
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
            "A client address that escapes its limits if it is written in another form",
            .table(and: "OTPServerTests/ProxyTests")
        ),
        Self(
            "T13",
            "A code whose lifetime differs from the lifetime in its message, or from the lifetime of its record"
        ),
        Self("T14", "10,000 requests from 10,000 addresses, each for a message to a different number"),
        Self("T15", "Wrong codes that are not counted for the client address"),
        Self("T16", "Secrets in logs, errors and metrics", .table(and: "OTPServerTests/SecretTests")),
        Self("T17", "A stranger who invalidates the code of the owner"),
        Self("T18", "An earlier code that is valid after a resend; a token that is valid for another purpose"),
        Self("T19", "A locked number that still gets messages"),
        Self(
            "T20",
            "A predictable random generator; codes without their leading zeros",
            .remark("not needed, because no request changes how codes are drawn")
        ),
        Self(
            "T21",
            "A development inbox that any web page can read",
            .remark("all requests of the test are HTTP requests", and: "AlibabaSMSEmulatorTests/AccessTests")
        ),
        Self("T22", "A repeated request that sends a second message", .table(and: "OTPServerTests/IdempotencyTests")),
    ]
}
