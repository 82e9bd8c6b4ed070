import SMS

/// Reads phone numbers, so that a script can compare the results with those of another implementation.
///
/// Standard input: a number in each line. Standard output: for each line `E.164 region kind`, with `-` for no region, or
/// `refused code`.
@main struct NumberWorker {
    static func main() {
        while let line = readLine() { print(Self.answer(to: line)) }
    }

    private static func answer(to text: String) -> String {
        do {
            let number = try PhoneNumber(text)
            return "\(number.e164) \(number.region?.code ?? "-") \(number.kind)"
        } catch {
            return "refused \(error.code)"
        }
    }
}
