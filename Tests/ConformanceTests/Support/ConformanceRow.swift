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
            "Predicting codes that are not uniformly distributed, or that never have certain values",
            .remark("not needed, because requests do not affect how codes are generated")
        ),
        Self(
            "CT-02",
            "Guessing short codes",
            .remark("not needed, because the service checks its settings before it accepts requests")
        ),
        Self("CT-03", "Using a code that is valid for too long"),
        Self("CT-04", "Using a code a second time"),
        Self("CT-05", "Using a code twice at the same moment"),
        Self("CT-06", "Requesting messages to a number in quick succession"),
    ]

    private static let guessing = [
        Self("CT-07", "Guessing a code without a limit"),
        Self("CT-08", "Guessing codes of one number from many client addresses, and with many challenges"),
        Self("CT-09", "Trying the same code for many numbers"),
        Self("CT-10", "Guessing a code with many concurrent attempts, before the first attempt is counted"),
        Self("CT-11", "Resetting the count of attempts by a resend or a successful verification"),
        Self("CT-12", "Comparing one entered code with the codes of several challenges"),
        Self(
            "CT-13",
            "Using a code for another purpose, number, challenge, tenant or context",
            .table(and: "OTPServerTests/RouteTests/tenantsAreSeparate")
        ),
        Self("CT-14", "Reading codes from a stolen copy of the store"),
        Self("CT-15", "Reading phone numbers from a stolen copy of the store"),
        Self("CT-16", "Locking out the owner of a number"),
        Self(
            "CT-17",
            "Finding out the state of a number or a challenge from errors",
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
        Self("CT-21", "SMS pumping with many numbers of one block, or of one region in which the service has no users"),
        Self("CT-22", "Exceeding the budget by concurrent requests"),
        Self("CT-23", "Escaping limits while the store or the ledger is unavailable"),
        Self("CT-24", "Losing counts because Redis evicts keys, and keeping records forever"),
        Self("CT-25", "Sending a message twice by a retry or a failover"),
        Self("CT-26", "Using the fixed code of a test number in production"),
        Self("CT-27", "Escaping limits by sending requests to another process of the service"),
    ]

    private static let surroundings = [
        Self(
            "CT-28",
            "Forging delivery reports and webhooks",
            .remark(
                "the test of the row sends its delivery reports over HTTP",
                and: "OTPServerTests/DeliveryReportRouteTests"
            )
        ),
        Self("CT-29", "Resetting limits or invalidating codes by a key rotation"),
        Self(
            "CT-30",
            "Sending messages that make fraud easier, or from which a browser cannot fill in the code automatically",
            .remark("not needed, because requests cannot change the texts of messages")
        ),
    ]

    private static let incidents = [
        Self(
            "T1",
            "Attempts that are counted by a read and a separate write; different contexts that have the same encoding"
        ),
        Self("T2", "A code that is accepted a second time, at the same moment or shortly afterwards"),
        Self("T3", "A limit that a restart resets; an attempt that is not counted if its request is cancelled"),
        Self("T4", "A code that stays valid after its last allowed attempt"),
        Self("T5", "Limits that apply only in the process that sends the messages; codes that do not expire"),
        Self(
            "T6",
            "An HTTP route on which an attacker can repeat requests without a limit",
            .only("OTPServerTests/RouteLimitTests"),
            isTested: false
        ),
        Self("T7", "A method or command that sends codes without the limits of the other methods"),
        Self(
            "T8",
            "Empty or malformed input that is accepted as the code if no code is stored",
            .table(and: "OTPServerTests/BodyTests")
        ),
        Self("T9", "A proof that is not bound to its number, purpose or tenant"),
        Self(
            "T10",
            "An application that trusts the client's claim of a verification, and does not check a proof",
            .table(and: "DemoPageTests/NumberChangeTests/claimsOfTheClientHaveNoEffect")
        ),
        Self(
            "T11",
            "An application that selects the account of a user by an unverified number",
            .only("DemoPageTests/NumberChangeTests"),
            isTested: false
        ),
        Self(
            "T12",
            "A client that escapes limits if its address is written in another form",
            .table(and: "OTPServerTests/ProxyTests")
        ),
        Self(
            "T13",
            "A code whose lifetime differs from the lifetime that its message states, or from the lifetime of its record"
        ),
        Self("T14", "10,000 requests from 10,000 client addresses, each for a message to a different number"),
        Self("T15", "Wrong codes that are not counted for the client address"),
        Self("T16", "Secrets in logs, errors and metrics", .table(and: "OTPServerTests/SecretTests")),
        Self("T17", "A stranger who invalidates the code of the owner of a number"),
        Self(
            "T18",
            "A code that stays valid after a resend with a new code; a token that is valid for another purpose"
        ),
        Self("T19", "A number that still gets messages during its lockout"),
        Self(
            "T20",
            "A predictable random number generator; codes without their leading zeros",
            .remark("not needed, because requests do not affect how codes are generated")
        ),
        Self(
            "T21",
            "An inbox for development that any web page can read",
            .remark("all requests of the test of the row are HTTP requests", and: "AlibabaSMSEmulatorTests/AccessTests")
        ),
        Self("T22", "A repeated request that sends a second message", .table(and: "OTPServerTests/IdempotencyTests")),
    ]
}
