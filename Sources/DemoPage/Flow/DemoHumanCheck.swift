// SPDX-License-Identifier: Apache-2.0

import SMSKit
package import SendGuard
import Synchronization

/// The human check of the demo: a box that the visitor ticks.
///
/// The box does not stop bots. A product uses the check of a provider, such as a captcha, instead.
///
/// A class, because the page and the guard share it.
package final class DemoHumanCheck: HumanCheck {
    private static let maximum = 1000

    private let responses = Mutex<[(text: String, number: PhoneNumber)]>([])

    /// Creates a check.
    package init() {}

    /// Returns a new response for a phone number.
    ///
    /// The method ``verify(_:of:)`` accepts the response once.
    func makeResponse(for number: PhoneNumber) -> String {
        let response = DemoSession.randomText()
        self.responses.withLock { $0 = $0.suffix(Self.maximum - 1) + [(response, number)] }
        return response
    }

    /// Verifies a response that the page created.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - request: The visitor's request for a message.
    /// - Returns: Whether the page created the response for the phone number of the request.
    /// - Throws: Never.
    package func verify(_ response: String, of request: SendRequest) async throws -> HumanCheckResult {
        let number = self.responses.withLock { responses in
            let index = responses.firstIndex { $0.text == response }
            return index.map { responses.remove(at: $0).number }
        }
        guard let number else { return .failed(.rejected) }
        return number == request.number ? .passed : .failed(.otherSubject)
    }
}
