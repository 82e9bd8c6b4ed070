// SPDX-License-Identifier: Apache-2.0

package import SMSKit
package import SendGuard

/// A request for a code in a simulation, and the codes that are typed after the message.
package struct SimulatedSend: Sendable {
    /// The position of the send in the simulation.
    var id = 0

    /// The time of the request, in seconds since the start of the simulation; negative for the history before the simulation.
    package var time: Int

    /// The requested phone number in E.164 form, which may be invalid.
    package let text: String

    /// The requested phone number; `nil` if the number is invalid.
    package let number: PhoneNumber?

    /// The address of the client.
    package var source: SourceAddress

    /// Whether the request is part of the attack.
    package var isAttack: Bool

    /// The number of seconds from the request until codes are typed; `nil` if no code is typed.
    package var answeredAfter: Int?

    /// The number of wrong codes that are typed before the right code.
    package var wrongCodes = 0

    /// Whether the right code is typed.
    package var isVerified = false

    /// Creates a send.
    package init(time: Int, to text: String, from source: SourceAddress, isAttack: Bool) {
        self.time = time
        self.text = text
        self.number = PhoneNumber(e164: text)
        self.source = source
        self.isAttack = isAttack
    }
}
