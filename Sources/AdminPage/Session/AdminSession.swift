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

    /// A look-up with an ID.
    ///
    /// The forms on the look-up page contain this ID.
    struct LookUp: Sendable {
        let id = OpaqueID.make()
        let subject: Subject
    }

    /// The maximum number of look-ups that a session stores.
    ///
    /// Older look-ups are dropped. The form of a dropped look-up can still be open in another browser tab, but no longer works.
    static let maximumLookUps = 8

    /// The API key, without its secret text.
    let key: APIKey

    /// The last look-ups, with the oldest first.
    private var lookUps: [LookUp] = []

    /// The look-up that the look-up page shows; `nil` before the first look-up, and after the operator entered an invalid text.
    private(set) var lookUp: LookUp?

    /// The maximum number of notices that a session stores until they are shown.
    static let maximumNotices = 4

    /// The notices about submitted forms, which the next page shows.
    var notices: [Notice] = []

    /// Creates the session of an operator.
    init(_ key: APIKey) { self.key = key }

    /// Records a look-up.
    ///
    /// - Parameter subject: The phone number or the decision; `nil` if the operator entered an invalid text.
    mutating func look(up subject: Subject?) {
        self.lookUp = subject.map { LookUp(subject: $0) }
        guard let lookUp = self.lookUp else { return }
        self.lookUps = self.lookUps.suffix(Self.maximumLookUps - 1) + [lookUp]
    }

    /// Adds a notice about a submitted form.
    mutating func add(_ notice: Notice) { self.notices = self.notices.suffix(Self.maximumNotices - 1) + [notice] }

    /// Returns the subject of the look-up with the given ID; `nil` if the session no longer contains the look-up.
    func subject(ofLookUp id: String) -> Subject? { self.lookUps.last { $0.id == id }?.subject }
}
