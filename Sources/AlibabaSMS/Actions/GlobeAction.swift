// SPDX-License-Identifier: Apache-2.0

/// An action that sends messages to numbers outside mainland China, with the options that all such actions share.
protocol GlobeAction: AlibabaSMSAction {
    var from: String? { get }

    /// The purpose of the messages as text in requests, such as `NOTIFY`.
    var typeName: String? { get }

    var taskID: String? { get }
    var validity: Duration? { get }
    var channelID: String? { get }
}

extension GlobeAction {
    /// The names and values of the optional request parameters.
    var options: [(String, String?)] {
        [
            ("From", self.from), ("Type", self.typeName), ("TaskId", self.taskID),
            ("ValidityPeriod", self.validity?.wireSeconds), ("ChannelId", self.channelID),
        ]
    }

    func validateOptions() throws(AlibabaSMSError) {
        if let from = self.from { try Self.require(SenderID.isValid(from), "from", SenderID.rule) }
        try Self.requireOptions(taskID: self.taskID, validity: self.validity, channelID: self.channelID)
    }
}
