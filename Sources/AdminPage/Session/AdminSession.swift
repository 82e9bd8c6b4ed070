// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPServer
import SMSKit
import SendGuard

/// The state of a signed-in operator, which is stored only on the server.
struct AdminSession: Sendable {
    /// A phone number or a decision that the operator looked up.
    enum Subject: Sendable {
        case number(PhoneNumber)
        case decision(DecisionID)
    }

    /// A look-up, with the ID that the forms of its page contain.
    struct LookUp: Sendable {
        let id = OpaqueID.make()
        let subject: Subject
    }

    /// The maximum number of look-ups in a session.
    ///
    /// Forms in tabs with older look-ups no longer work.
    static let maximumLookUps = 8

    /// The API key, without its secret text.
    let key: APIKey

    /// The last look-ups, with the oldest first.
    private var lookUps: [LookUp] = []

    /// The look-up on the look-up page; `nil` before the first look-up, and after an invalid text.
    private(set) var lookUp: LookUp?

    /// The maximum number of notices that were not shown yet.
    static let maximumNotices = 4

    /// The results of submitted forms, for the next page.
    var notices: [Notice] = []

    /// Creates the session of an operator.
    init(_ key: APIKey) { self.key = key }

    /// Records a look-up.
    ///
    /// - Parameter subject: The subject; `nil` for an invalid text.
    mutating func look(up subject: Subject?) {
        self.lookUp = subject.map { LookUp(subject: $0) }
        guard let lookUp = self.lookUp else { return }
        self.lookUps = self.lookUps.suffix(Self.maximumLookUps - 1) + [lookUp]
    }

    /// Adds the result of a form.
    mutating func add(_ notice: Notice) { self.notices = self.notices.suffix(Self.maximumNotices - 1) + [notice] }

    /// Returns the subject of the look-up with an ID; `nil` if the session no longer contains the look-up.
    func subject(ofLookUp id: String) -> Subject? { self.lookUps.last { $0.id == id }?.subject }
}
