import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Runs single checks on real servers and folders.
struct PreflightSupport {
    var database: DatabaseSettings
    var environment: [String: String] = [:]
    var folder = "/nonexistent"
    var url: String?
    var compose: String?
    var mailAuthority: String?
    var now: @Sendable () -> Date = { Date() }

    init(_ database: DatabaseSettings) { self.database = database }

    func run(_ id: String) async throws -> CheckResult {
        let report = try await report(CheckSelection(only: [id]))
        return try #require(report.checks.first)
    }

    func status(_ id: String) async throws -> CheckStatus { try await run(id).status }

    func report(_ selection: CheckSelection = CheckSelection()) async throws -> CheckReport {
        var variables = ["DATABASE_URL": database.url(includingPassword: true)]
        variables.merge(environment) { $1 }
        let reader = SettingsReader(environment: variables, workingDirectory: folder, homeDirectory: folder)
        let options = PreflightOptions(
            settings: reader.inspect(), url: url, composeFile: compose,
            mailAuthorityFile: mailAuthority)
        let report = try await Preflight(PreflightContext(options, now: now), checks: Preflight.allChecks)
            .run(selection)
        for check in report.checks where [.warn, .fail].contains(check.status) {
            #expect(check.remedy?.trimmed.isEmpty == false, "\(check.id) tells nothing to do: \(check.observed)")
        }
        return report
    }
}
