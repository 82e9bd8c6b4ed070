// SPDX-License-Identifier: Apache-2.0

package import SMSKit
package import SendGuard

/// One request for a code in a simulation, and what happens after it was sent.
package struct SimulatedSend: Sendable {
    /// The seconds since the start of the simulation.
    package var time: Int

    /// The number.
    package var number: PhoneNumber

    /// The address of the client.
    package var source: SourceAddress

    /// Whether an attacker asks.
    package var isAttack: Bool

    /// The seconds until the code is verified; `nil` if it never is.
    package var verifiedAfter: Int?

    /// The number of wrong codes that are typed before the right one.
    package var typingErrors = 0
}
