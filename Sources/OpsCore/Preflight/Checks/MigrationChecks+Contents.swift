extension MigrationChecks {
    /// The applied files say what was applied.
    enum Drifted: ObservedCheck {
        static let id = "MIG-103"
        static let title = "no applied migration was changed"

        static func observe(_ context: PreflightContext) async throws -> [MigrationStatus.Drift] {
            try await context.migrations.status().drifted
        }

        static func judge(_ observed: [MigrationStatus.Drift]) -> CheckVerdict {
            let expected = "no changed statement in an applied file"
            let semantic = observed.filter { $0.kind == .semantic }.map(\.file)
            guard let first = semantic.first else {
                let cosmetic = observed.map(\.file)
                return .pass(
                    cosmetic.isEmpty ? "none" : "only comments or white space: \(DatabaseChecks.list(cosmetic))",
                    expected: expected)
            }
            return .fail(
                "statements differ from what was applied: \(DatabaseChecks.list(semantic))", expected: expected,
                remedy: "put \(first) back as it was; where the database already is as it says now: "
                    + "sysndd-ctl migrate repair --accept-drift \(first)")
        }
    }

    /// What the applied files promise is so.
    enum PostConditions: ObservedCheck {
        static let id = "MIG-108"
        static let title = "the post-conditions of the applied migrations hold"

        static func observe(_ context: PreflightContext) async throws -> MigrationVerification {
            try await context.migrations.verification()
        }

        static func judge(_ observed: MigrationVerification) -> CheckVerdict {
            let broken = observed.conditions.filter { !$0.holds }.map { "\($0.file):\($0.line)" }
            let expected = "all \(observed.conditions.count) hold"
            guard !broken.isEmpty else { return .pass(expected, expected: expected) }
            return .fail(
                "do not hold: \(DatabaseChecks.list(broken))", expected: expected, remedy: "sysndd-ctl migrate verify")
        }
    }
}
