// SPDX-License-Identifier: Apache-2.0

/// A sliding window, which allows a maximum number of events in any period of a given length.
public struct WindowLimit: Sendable, Hashable {
    /// The maximum number of events in the window, at least 1.
    public var count: Int

    /// The length of the window, which is a whole number of milliseconds.
    public var window: Duration

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - count: The maximum number of events in the window, at least 1.
    ///   - window: The length of the window, which is a whole number of milliseconds.
    public init(_ count: Int, per window: Duration) {
        self.count = count
        self.window = window
    }
}

extension WindowLimit: Codable {
    private enum CodingKeys: CodingKey { case count, window }

    /// Decodes a limit, with the length of the window in seconds.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.count = try container.decode(Int.self, forKey: .count)
        self.window = try container.decode(CodedSeconds.self, forKey: .window).duration
    }

    /// Encodes the limit, with the length of the window in seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.count, forKey: .count)
        try container.encode(CodedSeconds(self.window), forKey: .window)
    }
}
