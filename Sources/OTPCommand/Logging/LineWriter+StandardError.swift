// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Metrics
import SystemPackage

extension LineWriter {
    /// The writer of standard error.
    ///
    /// At a normal exit of the process, the lines of the queue have one second to leave.
    static let standardError: LineWriter = {
        atexit { LineWriter.standardError.flush() }
        return LineWriter(.standardError) { count in
            Counter(label: "otp.log.lost").increment(by: count)
            let logger = Logger(label: "otp")
            logger.warning("Log records lost", metadata: ["otp.records": "\(count)"])
        }
    }()
}
