// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPServer
import SMSKit
import SendGuard

/// The state of a signed-in operator.
///
/// The state never leaves the server.
struct AdminSession: Sendable {
    /// A subject that the operator looked up.
    enum Subject: Sendable {
        case number(PhoneNumber)
        case decision(DecisionID)
    }

    /// A look-up, whose ID the forms of its page contain.
    struct LookUp: Sendable {
        let id = OpaqueID.make()
        let subject: Subject
    }

    /// The look-ups that a session keeps, so that the forms in several tabs act on the numbers that the tabs show.
    static let maximumLookUps = 8

    /// The API key, without its secret text.
    let key: APIKey

    /// The newest look-ups, the oldest first.
    private var lookUps: [LookUp] = []

    /// The look-up that the look-up page explains; `nil` before the first look-up, and after a text without a subject.
    private(set) var lookUp: LookUp?

    /// The maximum number of notices that no page has shown.
    static let maximumNotices = 4

    /// The results of forms.
    ///
    /// The next page shows them once.
    var notices: [Notice] = []

    /// Creates the session of an operator.
    init(_ key: APIKey) { self.key = key }

    /// Records a look-up.
    ///
    /// - Parameter subject: The subject; `nil` for a text that names none.
    mutating func look(up subject: Subject?) {
        self.lookUp = subject.map { LookUp(subject: $0) }
        guard let lookUp = self.lookUp else { return }
        self.lookUps = self.lookUps.suffix(Self.maximumLookUps - 1) + [lookUp]
    }

    /// Adds the result of a form.
    mutating func add(_ notice: Notice) { self.notices = self.notices.suffix(Self.maximumNotices - 1) + [notice] }

    /// Returns the subject of a recent look-up.
    func subject(ofLookUp id: String) -> Subject? { self.lookUps.last { $0.id == id }?.subject }
}
