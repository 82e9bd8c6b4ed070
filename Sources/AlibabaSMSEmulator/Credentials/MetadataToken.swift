import AlibabaSMS
import Crypto
import FoundationEssentials
import TextFormats

/// The tokens of the metadata service: the time at which one ends, and a proof that this process wrote it.
struct MetadataToken: Sendable {
    /// The longest lifetime of a token in seconds.
    static let maximumLifetime = 21_600

    private let key = SymmetricKey(size: .bits256)

    /// Makes a token.
    func make(until date: Date) -> String {
        self.make(until: Int64(date.timeIntervalSince1970))
    }

    private func make(until time: Int64) -> String {
        let time = "\(time)"
        return "\(time).\(HMAC<SHA256>.authenticationCode(for: Array(time.utf8), using: self.key).hex)"
    }

    /// Whether a token is one of this process that has not ended.
    func isValid(_ token: String, at now: Date) -> Bool {
        guard
            let time = token.split(separator: ".").first.flatMap({ Int64($0) }),
            TimeInterval(time) > now.timeIntervalSince1970
        else { return false }
        // Not by way of a date, which rounds: the greatest numbers would no longer fit.
        return token == self.make(until: time)
    }
}
