// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Synchronization

/// The holder of the current ``FaultPlan``, which can be replaced at any time.
final class FaultInjector: Sendable {
    private let configured: FaultSettings
    private let plan: Mutex<FaultPlan>

    init(_ settings: FaultSettings) {
        self.configured = settings
        self.plan = Mutex(FaultPlan(settings))
    }

    var settings: FaultSettings { self.plan.withLock { $0.settings } }

    /// The number of requests and messages that each rule affected, in the order of the rules.
    var struckCounts: [Int] { self.plan.withLock { $0.struckCounts } }

    /// The fault settings, and the number of requests and messages that each rule affected, read atomically.
    var state: (settings: FaultSettings, struckCounts: [Int]) {
        self.plan.withLock { ($0.settings, $0.struckCounts) }
    }

    /// Replaces the fault settings, and resets the counts of the rules.
    func set(_ settings: FaultSettings) { self.plan.withLock { $0 = FaultPlan(settings) } }

    /// Restores the fault settings of the emulator's configuration.
    func reset() { self.set(self.configured) }

    /// Returns the faults for a request.
    func decide(_ call: GatewayCall) -> FaultDecision {
        let subject = FaultSubject(call)
        return self.plan.withLock { $0.decide(subject) }
    }
}

extension FaultSubject {
    /// Reads the parameters of a request that has not been validated yet.
    init(_ call: GatewayCall) {
        self.action = call.action ?? ""
        self.from = call.parameter("From")
        self.template = call.parameter("TemplateCode")
        switch self.action {
        case "BatchSendMessageToGlobe":
            let (numbers, texts) = (Self.list(call.parameter("To")), Self.list(call.parameter("Message")))
            self.messages = zip(numbers, texts).prefix(GatewayActions.BatchSendMessageToGlobe.maximumCount)
                .map { Message(to: "+\($0)", text: $1) }
        case "SendMessageToGlobe", "SendMessageWithTemplate":
            let text = call.parameter("Message") ?? call.parameter("TemplateParam") ?? ""
            self.messages = [Message(to: "+\(call.parameter("To") ?? "")", text: text)]
        default:
            self.messages = []
        }
    }

    private static func list(_ text: String?) -> [String] {
        text.flatMap { try? JSON(parsing: $0.utf8, rules: .externalFormat) }?.strings ?? []
    }
}
