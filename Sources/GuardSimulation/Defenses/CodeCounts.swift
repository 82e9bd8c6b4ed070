// SPDX-License-Identifier: Apache-2.0

/// The numbers of recently sent and verified codes of one region or address.
struct CodeCounts {
    private var day = Window(length: 86_400)
    private var hour = Window(length: 3_600)
    private var verifiedByDay: [Int: Int] = [:]
    private var now = 0

    /// The number of codes that were sent in the last 24 hours and are unverified.
    var unverifiedOfDay: Int { self.day.unverified.count }
    /// The number of codes that were sent in the last hour and are unverified.
    var unverifiedOfHour: Int { self.hour.unverified.count }
    /// The number of verifications in the last 24 hours.
    var verifiedOfDay: Int { self.day.verified }
    /// The number of verifications in the last hour.
    var verifiedOfHour: Int { self.hour.verified }

    /// The number of verifications on the best of the last 14 days.
    var bestDay: Int {
        let today = Self.day(of: self.now)
        return (today - 14..<today).compactMap { self.verifiedByDay[$0] }.max() ?? 0
    }

    mutating func advance(to time: Int) {
        self.now = time
        self.day.advance(to: time)
        self.hour.advance(to: time)
    }

    mutating func insert(_ id: Int, at time: Int) {
        self.day.insert(id, at: time)
        self.hour.insert(id, at: time)
    }

    mutating func verify(_ id: Int, at time: Int) {
        self.verifiedByDay[Self.day(of: time), default: 0] += 1
        self.day.verify(id, at: time)
        self.hour.verify(id, at: time)
    }

    private static func day(of time: Int) -> Int { Int((Double(time) / 86_400).rounded(.down)) }
}

extension CodeCounts {
    /// The sends and verifications in a sliding window that ends now.
    private struct Window {
        let length: Int
        private(set) var unverified: Set<Int> = []
        private var sends: [(time: Int, id: Int)] = []
        private var verifications: [Int] = []
        private var (oldestSend, oldestVerification) = (0, 0)

        init(length: Int) {
            self.length = length
        }

        var verified: Int { self.verifications.count - self.oldestVerification }

        mutating func advance(to now: Int) {
            while self.oldestSend < self.sends.count, self.sends[self.oldestSend].time <= now - self.length {
                self.unverified.remove(self.sends[self.oldestSend].id)
                self.oldestSend += 1
            }
            while self.oldestVerification < self.verifications.count,
                self.verifications[self.oldestVerification] <= now - self.length
            {
                self.oldestVerification += 1
            }
        }

        mutating func insert(_ id: Int, at time: Int) {
            self.sends.append((time, id))
            self.unverified.insert(id)
        }

        mutating func verify(_ id: Int, at time: Int) {
            self.unverified.remove(id)
            self.verifications.append(time)
        }
    }
}
