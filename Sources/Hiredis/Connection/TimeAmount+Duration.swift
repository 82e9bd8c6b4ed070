// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension TimeAmount {
    /// Converts a duration.
    ///
    /// The result is clamped to the range from 0 to 24 hours, so that deadlines do not overflow.
    init(bounding duration: Duration) {
        self.init(max(.zero, min(duration, .seconds(86_400))))
    }
}
