// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// A program that parses phone numbers, so that a script can compare the results with another implementation.
///
/// Each line of standard input is a phone number. For each line, the program prints `E.164 region kind`, with `-` for an
/// unknown region, or `refused code`.
///
/// With the arguments `measure COUNT`, the program measures the time to parse one number, including the time to load the
/// tables. It also measures the time to parse COUNT more numbers.
@main struct NumberWorker {
    static func main() {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "measure",
            let count = Int(CommandLine.arguments[2])
        {
            Self.measure(count)
        } else {
            while let line = readLine() { print(Self.answer(to: line)) }
        }
    }

    private static func answer(to text: String) -> String {
        do {
            let number = try PhoneNumber(text)
            return "\(number.e164) \(number.region?.code ?? "-") \(number.kind)"
        } catch {
            return "refused \(error.code)"
        }
    }

    private static func measure(_ count: Int) {
        let numbers = [
            "+6591234567", "+12025550123", "+447400123456", "+5491123456789", "+8613800138000", "+2290197123456",
        ]
        let clock = ContinuousClock()
        let first = clock.measure { _ = PhoneNumber(e164: numbers[0]) }
        var read = 0
        let rest = clock.measure {
            for index in 0..<count where PhoneNumber(e164: numbers[index % numbers.count])?.kind == .mobile {
                read += 1
            }
        }
        print("first number: \(first), then \(rest / max(1, count)) each; \(read) of \(count) are mobile")
    }
}
