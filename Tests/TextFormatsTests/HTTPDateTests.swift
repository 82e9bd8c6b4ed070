// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TextFormats

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),  // the example of RFC 9110, section 5.6.7
        (1_545_641_902, "Mon, 24 Dec 2018 08:58:22 GMT"),
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func datesHaveTheFormatOfHTTPHeaders(seconds: Double, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).httpDate == text)
    }
}
