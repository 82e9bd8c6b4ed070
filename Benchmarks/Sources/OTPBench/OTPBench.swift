import ArgumentParser

@main
struct OTPBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scripts/bench",
        abstract: "Measure the library beside redis-benchmark, with servers of its own on 127.0.0.1."
    )

    @Flag(help: "Count the instructions of the server by valgrind, and nothing else.")
    var serverInstructions = false

    @Option(help: ArgumentHelp("Leave the profiles of callgrind in a folder.", valueName: "dir"))
    var keep: String?

    func run() async throws {
        let figures = try await Callgrind.run(keep: self.keep) {
            try await ServerInstructions.measure(numbers: 1000, $0)
        }
        print(figures.lines.joined(separator: "\n"))
    }
}
