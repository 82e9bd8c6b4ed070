// SPDX-License-Identifier: Apache-2.0

import Testing

/// The kind of the store in a trial.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, redis
}

/// One run of the check of a row.
///
/// The check runs with the real code, or with a deliberate fault (a mutant) that it must find.
struct Trial: Sendable, CustomTestStringConvertible {
    /// The kind of the store; `nil` if the row needs no store.
    let store: StoreKind?

    /// The door through which the check calls its services.
    let door: DoorKind

    /// Whether the trial runs the mutant of the row.
    let isMutant: Bool

    init(store: StoreKind?, door: DoorKind = .library, isMutant: Bool) {
        self.store = store
        self.door = door
        self.isMutant = isMutant
    }

    /// The trials of a row without a store.
    static let alone = [false, true].map { Self(store: nil, isMutant: $0) }

    /// The trials of a row with a store whose attack does not call the operations of a service.
    static let onStores = Self.trials(through: .library)

    /// The trials of a row whose attack calls the operations of a service: as calls of the library, and as HTTP requests.
    static let onStoresAndDoors = DoorKind.allCases.flatMap(Self.trials)

    private static func trials(through door: DoorKind) -> [Self] {
        StoreKind.allCases.flatMap { store in [false, true].map { Self(store: store, door: door, isMutant: $0) } }
    }

    var testDescription: String {
        let parts = [self.store?.rawValue, self.store.map { _ in self.door.rawValue }]
        return (parts.compactMap(\.self) + [self.isMutant ? "mutant" : "real code"]).joined(separator: ", ")
    }

    /// Runs a check, and compares its findings with the expected findings.
    ///
    /// With the real code, every expectation must be met. With the mutant, exactly the expectations in `names` must fail. In
    /// both cases, the check must not throw an error.
    ///
    /// - Parameters:
    ///   - mutant: The fault of the mutant.
    ///   - names: The names of the expectations that the mutant fails.
    ///   - sourceLocation: The source location of the test.
    ///   - check: The check of the row.
    /// - Throws: The error of the check.
    func run(
        mutant: String,
        fails names: String...,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ check: (Findings) async throws -> Void
    ) async throws {
        let findings = Findings()
        try await check(findings)
        let expected = self.isMutant ? Set(names) : []
        let failed = Set(findings.failures.keys)
        #expect(
            failed == expected,
            "\(self.isMutant ? "mutant (\(mutant))" : "real code"): the check fails in \(findings.failures)",
            sourceLocation: sourceLocation
        )
        let unknown = Set(names).subtracting(findings.names)
        #expect(unknown.isEmpty, "the check has no expectation \(unknown)", sourceLocation: sourceLocation)
        guard failed == expected, unknown.isEmpty else { return }
        try ConformanceReport.add(self, failed)
    }
}
