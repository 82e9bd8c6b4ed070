// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Metrics
import SystemPackage

extension LineWriter {
    /// The writer for standard error.
    ///
    /// When the process exits normally, the lines in the queue are written, for at most one second.
    static let standardError: LineWriter = {
        atexit { LineWriter.standardError.flush() }
        return LineWriter(.standardError) { count in
            Counter(label: "otp.log.lost").increment(by: count)
            let logger = Logger(label: "otp")
            logger.warning("Log records lost", metadata: ["otp.records": "\(count)"])
        }
    }()
}
