// SPDX-License-Identifier: Apache-2.0

extension DeliveryReport {
    /// The maximum length of ``to`` and ``errorCode`` in bytes.
    ///
    /// Longer values are dropped.
    private static let longestCode = 128

    /// The maximum length of ``errorDescription`` in bytes.
    private static let longestDescription = 1024

    /// The maximum size of ``otherFields`` in bytes.
    ///
    /// If the fields are larger, all of them are dropped.
    private static let maximumOtherSize = 4096

    /// The approximate size of the report in memory, in bytes.
    var size: Int {
        let texts = [self.messageID, self.taskID, self.to, self.errorCode, self.errorDescription]
        // The constant covers the report structure itself and its entries in the ``DeliveryReportLog``.
        return texts.reduce(512) { $0 + ($1?.utf8.count ?? 0) } + Self.size(of: self.otherFields)
    }

    /// Creates a report from the fields of a push.
    ///
    /// Returns `nil` if the message ID or the status is missing or invalid, or if the task ID has more than 255 characters.
    init?(_ fields: ResponseFields) {
        var fields = fields
        guard
            let messageID = SafeText.messageID(fields.takeText("MessageId")),
            let status = fields.takeText("Status"), (1...32).contains(status.utf8.count)
        else { return nil }
        let taskID = fields.takeText("TaskId")
        if let taskID, taskID.utf16.count > 255 { return nil }
        self.init(
            messageID: messageID,
            status: Status(rawValue: status),
            taskID: taskID,
            to: Self.short(fields.takeText("To")),
            segments: fields.takeCount("SmsSize"),
            sendDate: fields.takeDate("SendDate"),
            receiveDate: fields.takeDate("ReceiveDate"),
            errorCode: Self.short(fields.takeText("ErrorCode")),
            errorDescription: fields.takeText("ErrorDescription").map(Self.truncated)
        )
        let other = fields.texts
        if Self.size(of: other) <= Self.maximumOtherSize { self.otherFields = other }
    }

    /// The approximate size of unknown fields in memory, in bytes, including the overhead of the dictionary.
    private static func size(of fields: [String: String]) -> Int {
        fields.reduce(32) { $0 + 80 + $1.key.utf8.count + $1.value.utf8.count }
    }

    private static func short(_ text: String?) -> String? {
        text.flatMap { $0.utf8.count <= Self.longestCode ? $0 : nil }
    }

    private static func truncated(_ text: String) -> String {
        guard text.utf8.count > Self.longestDescription else { return text }
        var bytes = Array(text.utf8.prefix(Self.longestDescription))
        // A character that the limit would cut in half is dropped.
        while String(validating: bytes, as: UTF8.self) == nil { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
