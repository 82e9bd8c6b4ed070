// SPDX-License-Identifier: Apache-2.0

public import Hiredis
public import OTP
public import SMSKit

extension OTPSettings {
    /// The Redis configuration from the variable `OTP_REDIS_URL`, which is required.
    public var redis: RedisConfiguration {
        get throws(OTPSettingsError) {
            let url = try self.require(.redisURL)
            do {
                return try RedisConfiguration(url: url)
            } catch {
                throw self.invalid(.redisURL, error.message)
            }
        }
    }

    /// The key ring from the variable `OTP_KEYS`, which is required.
    public var keys: KeyRing {
        get throws(OTPSettingsError) {
            let text = try self.require(.keys)
            do {
                return try KeyRing(text: text)
            } catch {
                throw self.invalid(.keys, error.message)
            }
        }
    }

    /// The regions to which codes are sent, from the variable `OTP_COUNTRIES`, which is required.
    public var destinations: Set<Region> {
        get throws(OTPSettingsError) {
            let text = try self.require(.countries)
            if text.lowercased() == "all" { return Set(Region.all) }
            return Set(try self.entries(of: text, in: .countries, "is not a region") { Region($0) })
        }
    }

    /// The kinds of numbers to which codes are sent, from `OTP_NUMBER_KINDS`; `nil` if the variable is not set.
    public var numberKinds: Set<PhoneNumber.Kind>? {
        get throws(OTPSettingsError) {
            guard let text = self.value(.numberKinds) else { return nil }
            return Set(
                try self.entries(of: text, in: .numberKinds, "is not a kind of number") { PhoneNumber.Kind(name: $0) }
            )
        }
    }

    /// The numbering plan for phone numbers: the published plan with the additions from `OTP_NUMBERING_PLAN`.
    public var numberingPlan: NumberingPlan {
        get throws(OTPSettingsError) {
            guard let text = self.value(.numberingPlan) else { return .published }
            do {
                return try NumberingPlan(additions: text)
            } catch {
                throw self.invalid(.numberingPlan, error.message)
            }
        }
    }
}
