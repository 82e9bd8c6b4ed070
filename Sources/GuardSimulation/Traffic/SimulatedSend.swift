// SPDX-License-Identifier: Apache-2.0

package import SMSKit
package import SendGuard

/// One request for a code in a simulation, and the codes that are typed after it was sent.
package struct SimulatedSend: Sendable {
    /// The position among the sends of a simulation.
    var id = 0

    /// The seconds since the start of the simulation; negative for the history before it.
    package var time: Int

    /// The number in E.164 form, as it was requested.
    package let text: String

    /// The number; `nil` if there is no such number.
    package let number: PhoneNumber?

    /// The address of the client.
    package var source: SourceAddress

    /// Whether the request is part of the attack.
    package var isAttack: Bool

    /// The seconds until codes are typed; `nil` if none is typed.
    package var answeredAfter: Int?

    /// The number of wrong codes that are typed first.
    package var wrongCodes = 0

    /// Whether the right code is typed in the end.
    package var isVerified = false

    /// Creates a send.
    ///
    /// - Parameters:
    ///   - time: The seconds since the start of the simulation.
    ///   - text: The number in E.164 form.
    ///   - source: The address of the client.
    ///   - isAttack: Whether the request is part of the attack.
    package init(time: Int, to text: String, from source: SourceAddress, isAttack: Bool) {
        self.time = time
        self.text = text
        self.number = PhoneNumber(e164: text)
        self.source = source
        self.isAttack = isAttack
    }
}
