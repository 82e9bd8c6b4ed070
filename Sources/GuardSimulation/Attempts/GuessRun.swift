// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SendGuard

/// The state of a running ``GuessAttack``.
struct GuessRun {
    private struct LiveCode {
        let reference: ChallengeReference
        let expiry: Int
        var attempts = 0
    }

    /// The number of seconds after which a client repeats a request that ``AuthgearRules`` refused.
    ///
    /// Unlike the limits of the phone number, these rules do not state when a retry is possible.
    private static let retryInterval = 60

    private static let ownersAddress: UInt32 = 0xCB00_7107

    private let attack: GuessAttack
    private let limits: StoreLimits
    private var number = PhoneNumberState()
    /// The simulated rules of Authgear, another authentication service; `nil` if these rules do not apply.
    private var authgear: AuthgearRules?
    private var live: [LiveCode] = []
    private var codes: UInt64 = 0
    private var nextSignIn: Int?
    private var messages: [Int] = []

    var time = 0
    private(set) var result = GuessAttack.Result()

    init(_ attack: GuessAttack, _ limits: StoreLimits) {
        self.attack = attack
        self.limits = limits
        self.authgear = attack.authgear
        self.nextSignIn = attack.ownerSignsInEvery
    }

    /// Performs all requests and attempts that are possible now.
    ///
    /// - Returns: The number of seconds until another request or attempt may be possible; `nil` if waiting does not help.
    mutating func act(drawing draw: () -> Int) -> Int? {
        if let signIn = self.nextSignIn, signIn <= self.time {
            self.number.succeed()
            self.nextSignIn = self.attack.ownerSignsInEvery.map { signIn + $0 }
        }
        self.drop { [time] in $0.expiry <= time }
        var waits: [Int] = []
        if let wait = self.request(drawing: draw) { waits.append(wait) }
        if self.isTimeToGuess, let wait = self.guess() { waits.append(wait) }
        if let expiry = self.live.map(\.expiry).min() { waits.append(max(1, expiry - 1 - self.time)) }
        if let signIn = self.nextSignIn { waits.append(signIn - self.time) }
        return waits.min()
    }

    /// Requests a code for the owner of the phone number, and types the code.
    ///
    /// - Parameter limits: The limits for the owner. The owner and the attacker share the record of the phone number.
    /// - Returns: The number of seconds until the owner may retry; 0 if the owner has signed in, or `nil` if waiting does not
    ///   help.
    mutating func signIn(_ limits: StoreLimits) -> Int? {
        self.codes += 1
        let reference = ChallengeReference.numbered(self.codes)
        switch self.admit(reference, .of(1), limits, from: Self.ownersAddress) {
        case nil: return Self.retryInterval
        case .refused(let refusal, _): return refusal.retryAfter.map { max(1, Self.wholeSeconds($0)) }
        case .admitted: break
        }
        let now = StoreTime.simulated(self.time)
        let decision = self.number.verify(ProtectedCode.attempt(1), of: reference, limits: limits, at: now)
        guard decision == .matched(at: now) else { return nil }
        if let send = self.send(from: Self.ownersAddress) { self.authgear?.record(.verified, of: send, at: self.time) }
        return 0
    }

    /// Advances the time to a given second.
    ///
    /// If `isAttacking` is `true`, the attacker performs all possible requests and attempts until that second.
    mutating func advance(to time: Int, isAttacking: Bool) {
        while isAttacking, self.time <= time {
            // The attacker's codes are never right, so only the limits stop the attempts.
            let wait = self.act { -1 } ?? time
            guard self.time < time else { break }
            self.time += min(max(1, wait), time - self.time)
        }
        self.time = max(self.time, time)
    }

    /// The largest number of messages to the phone number within 24 hours.
    var mostMessagesOfADay: Int {
        self.messages.map { start in self.messages.count { start <= $0 && $0 < start + 86_400 } }.max() ?? 0
    }

    /// Returns the result, including the attempts for codes that are still live.
    consuming func finished() -> GuessAttack.Result {
        self.drop { _ in true }
        return self.result
    }

    private mutating func drop(_ isOver: (LiveCode) -> Bool) {
        self.result.attemptsOfCodes += self.live.filter { isOver($0) && $0.attempts > 0 }.map(\.attempts)
        self.live.removeAll(where: isOver)
    }

    /// Whether the attacker types codes now.
    ///
    /// With the strategy `collecting`, the attacker waits until three codes are live, or the oldest code is about to expire.
    private var isTimeToGuess: Bool {
        switch self.attack.strategy {
        case .immediate: true
        case .collecting: self.live.count >= 3 || self.live.contains { $0.expiry - self.time <= 1 }
        case .requesting: false
        }
    }

    /// Requests a code, and returns the number of seconds until another request may be admitted; `nil` if waiting does not
    /// help.
    private mutating func request(drawing draw: () -> Int) -> Int? {
        self.codes += 1
        let reference = ChallengeReference.numbered(self.codes)
        switch self.admit(reference, .of(draw()), self.limits, from: self.attackersAddress) {
        case nil: return Self.retryInterval
        case .admitted(let admission):
            self.live.append(LiveCode(reference: reference, expiry: self.seconds(admission.expiresAt)))
            return max(1, self.seconds(admission.resendAllowedAt) - self.time)
        case .refused(let refusal, _): return refusal.retryAfter.map(Self.wholeSeconds)
        }
    }

    /// The address from which the attacker requests the current code.
    private var attackersAddress: UInt32 {
        guard let addresses = self.attack.addresses else {
            return UInt32(truncatingIfNeeded: self.codes &* 2_654_435_761)
        }
        return 0xC633_6400 + UInt32(self.codes % UInt64(addresses))
    }

    /// Counts a message if both the limits of the phone number and the rules of Authgear admit it.
    ///
    /// - Returns: The decision of the phone number's limits; `nil` if these limits admit the message, but the rules of Authgear
    ///   refuse it.
    private mutating func admit(
        _ reference: ChallengeReference,
        _ code: ProtectedCode,
        _ limits: StoreLimits,
        from address: UInt32
    ) -> IssueDecision? {
        var number = self.number
        let decision = number.issue(reference, code: code, limits: limits, at: .simulated(self.time))
        if case .admitted = decision {
            guard self.authgearAdmits(address) else { return nil }
            self.messages.append(self.time)
        }
        self.number = number
        return decision
    }

    private mutating func authgearAdmits(_ address: UInt32) -> Bool {
        guard self.authgear != nil else { return true }
        guard let send = self.send(from: address) else { return false }
        if case .allow? = self.authgear?.decide(send, isChecked: false) { return true }
        return false
    }

    /// Returns the request for the current code, as input for the rules of Authgear.
    private func send(from address: UInt32) -> SimulatedSend? {
        guard let source = SourceAddress(ipv4: address) else { return nil }
        var send = SimulatedSend(time: self.time, to: "+6591234567", from: source, isAttack: true)
        send.id = Int(self.codes)
        return send
    }

    /// Types codes until the limits refuse every further attempt.
    ///
    /// Returns the number of seconds until the lockout after too many failed attempts ends; `nil` if there is no lockout.
    private mutating func guess() -> Int? {
        var wait: Int?
        for index in self.live.indices {
            compare: while true {
                let attempt = ProtectedCode.attempt(self.live[index].attempts)
                let decision = self.number.verify(
                    attempt,
                    of: self.live[index].reference,
                    limits: self.limits,
                    at: .simulated(self.time)
                )
                switch decision {
                case .mismatched: self.live[index].attempts += 1
                case .matched:
                    self.live[index].attempts += 1
                    self.result.isSuccessful = true
                    return nil
                case .locked(let refusal, _):
                    wait = refusal.retryAfter.map(Self.wholeSeconds)
                    break compare
                case .exhausted, .absent, .unknownKey: break compare
                }
            }
        }
        return wait
    }

    private func seconds(_ time: StoreTime) -> Int { Int(time.milliseconds / 1_000) - Simulation.start.seconds }

    private static func wholeSeconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) + (duration.components.attoseconds > 0 ? 1 : 0)
    }
}
