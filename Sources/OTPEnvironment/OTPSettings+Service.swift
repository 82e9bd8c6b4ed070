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
                throw .invalid(.redisURL, error.message)
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
                throw .invalid(.keys, error.message)
            }
        }
    }

    /// Reads the policy from `OTP_COUNTRIES`, `OTP_NUMBER_KINDS`, `OTP_RESEND`, `OTP_DEVICE_LANE`, `OTP_PROFILE` and
    /// `OTP_TEST_NUMBERS`.
    ///
    /// The policy has the default limits.
    ///
    /// - Parameter destinations: The regions to which codes are sent; `nil` reads `OTP_COUNTRIES`, which is then required.
    /// - Returns: The policy.
    /// - Throws: ``OTPSettingsError`` with the name of the variable.
    public func policy(destinations: Set<Region>? = nil) throws(OTPSettingsError) -> OTPPolicy {
        var policy = OTPPolicy(destinations: destinations ?? [])
        if destinations == nil { policy.destinations = try self.destinations }
        if let text = self.value(.resend) {
            guard let resend = OTPPolicy.ResendPolicy(rawValue: text) else {
                throw .invalid(.resend, "it is not a resend policy")
            }
            policy.resend = resend
        }
        if try self.hasDeviceLane { policy.deviceLane = DeviceLane() }
        if let kinds = try self.numberKinds { policy.kinds = kinds }
        policy.profile = try self.profile
        policy.testNumbers = try self.testNumbers
        return policy
    }

    /// Whether `OTP_DEVICE_LANE` turns the device lane on.
    private var hasDeviceLane: Bool {
        get throws(OTPSettingsError) {
            switch self.value(.deviceLane) {
            case nil, "off": return false
            case "on": return true
            default: throw .invalid(.deviceLane, "it is neither on nor off")
            }
        }
    }

    /// The regions from the variable `OTP_COUNTRIES`, which is required.
    public var destinations: Set<Region> {
        get throws(OTPSettingsError) {
            let text = try self.require(.countries)
            if text.lowercased() == "all" { return Set(Region.all) }
            return Set(try self.entries(of: text, in: .countries, "is not a region") { Region($0) })
        }
    }

    /// The kinds of numbers in `OTP_NUMBER_KINDS`; `nil` if the variable is not set.
    public var numberKinds: Set<PhoneNumber.Kind>? {
        get throws(OTPSettingsError) {
            guard let text = self.value(.numberKinds) else { return nil }
            return Set(
                try self.entries(of: text, in: .numberKinds, "is not a kind of number") { PhoneNumber.Kind(name: $0) }
            )
        }
    }

    /// The numbering plan for parsing phone numbers: the published plan with the additions from `OTP_NUMBERING_PLAN`.
    public var numberingPlan: NumberingPlan {
        get throws(OTPSettingsError) {
            guard let text = self.value(.numberingPlan) else { return .published }
            do {
                return try NumberingPlan(additions: text)
            } catch {
                throw .invalid(.numberingPlan, error.message)
            }
        }
    }
}
