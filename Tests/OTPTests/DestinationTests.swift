// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests of the destinations to which codes are sent, by region and by kind of number.
@Suite struct DestinationTests {
    /// The decision of the policy about a number.
    enum Treatment: String, Sendable {
        /// A message is sent.
        case sent
        /// No message is sent, because the policy does not allow the kind of number.
        case kind
        /// No message is sent, because the policy does not allow the region, or the number has no region.
        case region
    }

    private static let regions: Set<Region> = [
        .unitedStates, .unitedKingdom, .mainlandChina, .singapore, Region("RU")!, Region("DE")!, Region("FR")!,
        Region("IN")!, Region("AU")!, Region("NO")!,
    ]

    static let table: [(String, Treatment)] = [
        // Calling code 1: the area code decides.
        ("+12015550123", .sent), ("+18762101234", .region), ("+15062345678", .region), ("+12423591234", .region),
        ("+12462501234", .region), ("+18092345678", .region), ("+17872345678", .region), ("+14413701234", .region),
        ("+18683011234", .region), ("+13453231234", .region), ("+12843001234", .region), ("+16713001234", .region),
        ("+16847331234", .region), ("+16492311234", .region), ("+17215205678", .region), ("+17586781234", .region),
        ("+18002345678", .kind), ("+19002345678", .kind), ("+15002345678", .kind),
        // Calling code 7: Russia and Kazakhstan.
        ("+79123456789", .sent), ("+77710009998", .region), ("+77272345678", .kind), ("+78001234567", .kind),
        ("+78091234567", .kind),
        // Calling code 44: Guernsey, Jersey, and the kinds of the United Kingdom.
        ("+447400123456", .sent), ("+447700900123", .sent), ("+447781123456", .region), ("+447911123456", .region),
        ("+447797712345", .region), ("+449012345678", .kind), ("+448431234567", .kind), ("+448001234567", .kind),
        ("+447640123456", .kind), ("+447012345678", .kind), ("+445612345678", .kind), ("+441212345678", .kind),
        ("+445512345678", .kind),
        // China, Hong Kong, Macao and Taiwan.
        ("+8613123456789", .sent), ("+868001234567", .kind), ("+864001234567", .kind), ("+861012345678", .kind),
        ("+85251234567", .region), ("+85366123456", .region), ("+886912345678", .region),
        // Singapore.
        ("+6581234567", .sent), ("+6561234567", .kind), ("+6518001234567", .kind), ("+6519001234567", .kind),
        ("+6570001234567", .kind), ("+6531234567", .kind),
        // Germany, France with its overseas regions, India, Australia, Norway with Svalbard.
        ("+4915123456789", .sent), ("+499001234567", .kind), ("+4918012345678", .kind), ("+4970012345678", .kind),
        ("+4916412345678", .kind), ("+33612345678", .sent), ("+33891123456", .kind), ("+590690001234", .region),
        ("+262692123456", .region), ("+918123456789", .sent), ("+61491570006", .sent), ("+4740612345", .sent),
        // Networks without a region: satellites, worldwide services.
        ("+870301234567", .kind), ("+881612345678", .kind), ("+882161234567", .kind), ("+883510012345", .kind),
        ("+979123456789", .kind), ("+80012345678", .kind), ("+80812345678", .kind),
        // Regions that the policy does not list.
        ("+59995181234", .region), ("+5993181234", .region), ("+212650123456", .region), ("+393123456789", .region),
    ]

    /// Returns the decision of a service about a number.
    private static func treatment(_ text: String, _ change: (inout OTPPolicy) -> Void = { _ in }) async throws
        -> Treatment?
    {
        let fixture = try Fixture(policy: {
            $0.destinations = Self.regions
            change(&$0)
        })
        let number = try PhoneNumber(text)
        do {
            _ = try await fixture.otp.issue(for: number, purpose: .registration)
            return fixture.sms.messages.map(\.recipient) == [number] ? .sent : nil
        } catch {
            guard error.code == .destinationNotAllowed, fixture.sms.messages.isEmpty else { return nil }
            return error.message.contains("kind") ? .kind : .region
        }
    }

    @Test("The table has at least 60 numbers, none of them twice") func tableSize() {
        #expect(Self.table.count >= 60)
        #expect(Set(Self.table.map(\.0)).count == Self.table.count)
    }

    @Test("Region and kind of a number decide about its code", arguments: table)
    func destination(number: String, expected: Treatment) async throws {
        #expect(try await Self.treatment(number) == expected)
    }

    @Test(
        "Networks without a region get no code, even if every region and every kind is listed",
        arguments: [
            "+870301234567", "+881612345678", "+882161234567", "+883510012345", "+979123456789", "+80012345678",
            "+80812345678",
        ]
    )
    func noRegion(number: String) async throws {
        let treatment = try await Self.treatment(number) { policy in
            policy.destinations = Set(Region.all)
            policy.kinds = Set(PhoneNumber.Kind.all)
        }
        #expect(treatment == .region)
    }

    @Test("An empty list of regions contains no number, and no service starts with it", arguments: table)
    func emptyList(number: String, _: Treatment) throws {
        #expect(try !PhoneNumber(number).belongs(to: []))
        let error = #expect(throws: OTPConfigurationError.self) { try Fixture(policy: { $0.destinations = [] }) }
        #expect(error?.setting == "destinations")
    }

    @Test("A number of mainland China needs a client with a mainland route, although its region is listed")
    func mainlandRoute() async throws {
        let sms = ForeignRouteClient()
        let store = InMemoryOTPStore(clock: ManualClock())
        let otp = try Fixture.service(
            on: store,
            sms: sms,
            policy: OTPPolicy(destinations: [.mainlandChina, .hongKong])
        )
        let error = await #expect(throws: OTPError.self) {
            try await otp.issue(for: try PhoneNumber("+8613123456789"), purpose: .registration)
        }
        #expect(error?.code == .destinationNotAllowed)
        #expect(sms.recorder.messages.isEmpty)
        _ = try await otp.issue(for: try PhoneNumber("+85251234567"), purpose: .registration)
        #expect(sms.recorder.messages.count == 1)
    }
}

/// A client without a route to mainland China.
private struct ForeignRouteClient: SMSClient {
    let recorder = RecordingSMSClient()

    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        await self.recorder.send(message, timeout: timeout)
    }

    func canSend(to number: PhoneNumber) -> Bool { number.region != .mainlandChina }
}
