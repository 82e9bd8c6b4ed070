// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SendGuard

/// Sends to phone numbers in many blocks, from 10,000 addresses in 40 networks.
enum GuardTraffic {
    /// Returns the phone number of a send.
    static func number(_ position: Int) -> PhoneNumber {
        // The factor has no divisor in common with the size of the range, so no number occurs twice.
        Workload.number(position * 7_919 % 20_000_000)
    }

    /// Returns the address of a send.
    static func source(_ position: Int) -> SourceAddress? {
        let source = position % 10_000
        return SourceAddress(bytes: [10, 1, UInt8(source / 250), UInt8(source % 250)])
    }

    /// Returns the request of a send.
    static func request(_ position: Int) -> SendRequest {
        self.request(to: self.number(position), from: self.source(position))
    }

    /// Returns the request of a send to a number.
    static func request(to number: PhoneNumber, from source: SourceAddress?) -> SendRequest {
        SendRequest(number: number, tenant: "default", purpose: Workload.purpose.rawValue, source: source)
    }
}
